-- Temporary objects: tables, views, functions, ON COMMIT, the schema, what hides what.
CREATE TABLE t (i int);
INSERT INTO t VALUES (1);
CREATE TEMP TABLE t (i int, j int);
INSERT INTO t VALUES (2, 3);
SELECT * FROM t;
SELECT * FROM public.t;
SELECT * FROM pg_temp.t;
SELECT pg_my_temp_schema() <> 0, pg_my_temp_schema()::regnamespace::text ~ '^pg_temp_';
\d t
\dt
DROP TABLE t;
SELECT * FROM t;
CREATE TEMP TABLE d (i int) ON COMMIT DROP;
BEGIN;
CREATE TEMP TABLE d (i int) ON COMMIT DROP;
INSERT INTO d VALUES (1);
SELECT * FROM d;
COMMIT;
SELECT * FROM d;
CREATE TEMP TABLE del (i int) ON COMMIT DELETE ROWS;
INSERT INTO del VALUES (1);
SELECT count(*) FROM del;
BEGIN;
INSERT INTO del VALUES (1);
SELECT count(*) FROM del;
COMMIT;
SELECT count(*) FROM del;
CREATE TEMP TABLE keep AS SELECT generate_series(1, 3) i;
SELECT * FROM keep;
BEGIN;
CREATE TEMP TABLE rolled_back (i int);
ROLLBACK;
SELECT * FROM rolled_back;
SELECT 5 AS i INTO TEMP into_temp;
SELECT * FROM into_temp;
CREATE TEMP VIEW v AS SELECT * FROM keep;
SELECT sum(i) FROM v;
CREATE VIEW becomes_temporary AS SELECT * FROM keep;
CREATE TEMP SEQUENCE s START 10;
SELECT nextval('s'), nextval('s'), currval('s'), lastval();
CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 77';
SELECT f();
SELECT pg_temp.f();
CREATE TYPE pg_temp.e AS ENUM ('x');
SELECT 'x'::pg_temp.e;
CREATE INDEX ON keep (i);
ANALYZE keep;
EXPLAIN (COSTS OFF) SELECT * FROM keep WHERE i = 1;
CREATE TABLE permanent (i int REFERENCES keep (i));
CREATE TEMP TABLE refers (i int PRIMARY KEY);
CREATE TABLE permanent (i int REFERENCES refers (i));
SET search_path = pg_temp, public;
CREATE TABLE in_temp (i int);
\dt
RESET search_path;
SELECT current_schemas(true)::text ~ 'pg_temp';
DO $$ BEGIN CREATE TEMP TABLE of_do AS SELECT 1 AS x; END $$;
SELECT * FROM of_do;
CREATE FUNCTION makes_temp() RETURNS int LANGUAGE plpgsql AS $$
  BEGIN CREATE TEMP TABLE IF NOT EXISTS of_function (i int); INSERT INTO of_function VALUES (1);
  RETURN (SELECT count(*) FROM of_function); END $$;
SELECT makes_temp();
SELECT makes_temp();
SELECT * FROM of_function;
DISCARD TEMP;
SELECT * FROM of_function;
SELECT makes_temp();
\echo == end
