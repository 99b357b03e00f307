-- Values of 1 to 100 MB, in both directions, and what is too large. Unaligned: psql need not measure them.
\pset format unaligned
SELECT repeat('x', 1000000) \g | md5sum
SELECT repeat('0123456789', 1000000) \g | md5sum
SELECT repeat('x', 100000000) \g | md5sum
SELECT decode(repeat('00ff', 5000000), 'hex') \g | md5sum
SELECT i, repeat(chr(97 + i), 3000000) FROM generate_series(0, 9) i \g | md5sum
SELECT i, md5(i::text) FROM generate_series(1, 300000) i \g | md5sum
SELECT '' FROM generate_series(1, 300000) \g | md5sum
SELECT repeat('x', 8180 + i) FROM generate_series(1, 30) i \g | md5sum
SELECT repeat('x', 16370 + i) FROM generate_series(1, 30) i \g | md5sum
SELECT repeat('x', 65520 + i) FROM generate_series(1, 30) i \g | md5sum
\set one `head -c 1000000 /dev/zero | tr '\0' a`
\set ten :one:one:one:one:one:one:one:one:one:one
\unset ECHO
\set QUIET on
\echo == a query of 30 MB
\set ECHO none
SELECT length(:'ten'), md5(:'ten'), length(:'ten' || :'ten');
CREATE TABLE t (a text);
INSERT INTO t VALUES (:'ten'), (:'one');
SELECT length(a), md5(a) FROM t;
PREPARE p AS SELECT length($1), md5($1);
EXECUTE p (:'ten');
PREPARE long AS SELECT length(:'one');
EXECUTE long;
SELECT length(:'one'), nothing;
SELECT * FROM (SELECT :'one'::text AS x) a \gdesc
DO $$ BEGIN RAISE NOTICE '%', md5(repeat('y', 5000000)); END $$;
\o /dev/null
DO $$ BEGIN RAISE NOTICE '%', repeat('y', 100000); END $$;
\o
\echo == too large
\set ECHO all
SELECT length(repeat('x', 1073741819));
SELECT repeat('x', 1073741824);
SELECT 'after';
\echo == end
