-- \c in its forms: a new session starts clean, at the same place.
SET work_mem = '6MB';
CREATE TEMP TABLE t (i int);
PREPARE p AS SELECT 1;
\c
SHOW work_mem;
SELECT * FROM t;
EXECUTE p;
\c postgres
SELECT current_database();
\c template1 postgres
SELECT current_database();
\c :DBNAME
BEGIN;
CREATE TABLE rolled_back (i int);
\c
SELECT * FROM rolled_back;
\c -reuse-previous=on application_name=again
SHOW application_name;
\c "dbname=postgres application_name=conninfo"
SHOW application_name;
\conninfo
\c
\c
\c
SELECT 1;
SELECT count(*) FROM pg_stat_activity WHERE pid = pg_backend_pid();
\echo == end
