-- Notices of every level, before, between and after rows; the levels a client asks for.
\set VERBOSITY verbose
DO $$ BEGIN RAISE DEBUG 'd'; RAISE LOG 'l'; RAISE INFO 'i'; RAISE NOTICE 'n'; RAISE WARNING 'w'; END $$;
SET client_min_messages = debug1;
DO $$ BEGIN RAISE DEBUG 'd'; RAISE LOG 'l'; RAISE INFO 'i'; RAISE NOTICE 'n'; RAISE WARNING 'w'; END $$;
SET client_min_messages = warning;
DO $$ BEGIN RAISE DEBUG 'd'; RAISE LOG 'l'; RAISE INFO 'i'; RAISE NOTICE 'n'; RAISE WARNING 'w'; END $$;
SET client_min_messages = error;
DO $$ BEGIN RAISE INFO 'i'; RAISE NOTICE 'n'; RAISE WARNING 'w'; END $$;
RESET client_min_messages;
CREATE FUNCTION tell(i int) RETURNS int LANGUAGE plpgsql AS $$
  BEGIN RAISE NOTICE 'row %', i USING HINT = 'a hint', DETAIL = 'a detail'; RETURN i; END $$;
SELECT tell(i) FROM generate_series(1, 3) i;
\set FETCH_COUNT 1
SELECT tell(i) FROM generate_series(1, 3) i;
\unset FETCH_COUNT
SELECT tell(i), 1 / (3 - i) FROM generate_series(1, 5) i;
DO $$ BEGIN FOR i IN 1..200 LOOP RAISE NOTICE '%', repeat('x', i); END LOOP; END $$;
DO $$ BEGIN RAISE NOTICE '%', repeat('long ', 30000); END $$;
DO $$ BEGIN RAISE WARNING 'multi
line %', 'notice'; END $$;
CREATE TABLE t (i int);
DROP TABLE IF EXISTS t, u CASCADE;
CREATE TABLE t (i serial PRIMARY KEY);
CREATE VIEW v AS SELECT * FROM t;
DROP TABLE t CASCADE;
ROLLBACK;
COMMIT;
BEGIN;
BEGIN;
COMMIT;
SET LOCAL work_mem = '1MB';
SELECT '\''::text;
SET standard_conforming_strings = off;
SELECT 'a\tb';
SET escape_string_warning = off;
SELECT 'a\tb';
SET standard_conforming_strings = on;
SELECT to_timestamp('x', 'x');
CREATE TABLE identifier_that_is_longer_than_sixty_three_bytes_and_is_therefore_cut_short (i int);
DROP TABLE identifier_that_is_longer_than_sixty_three_bytes_and_is_therefore_cut_short;
\echo == end
