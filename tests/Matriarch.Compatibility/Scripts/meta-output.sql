-- What psql makes of rows: formats, \crosstabview, \watch, \g to files, timing off, variables of a query's end.
CREATE TABLE t AS SELECT y, m, y * 100 + m AS v FROM generate_series(2022, 2024) y, generate_series(1, 3) m;
SELECT y, m, v FROM t ORDER BY y, m \crosstabview
SELECT y, m, v FROM t ORDER BY y, m \crosstabview m y v
SELECT y, m, v FROM t ORDER BY y, m \crosstabview y m v m
SELECT y, v FROM t \crosstabview
SELECT y, m, v FROM t UNION ALL SELECT 2022, 1, 0 \crosstabview
SELECT 1/0 \crosstabview
\pset format unaligned
SELECT * FROM t ORDER BY 1, 2 LIMIT 2;
\pset format csv
SELECT *, 'a,"b' FROM t ORDER BY 1, 2 LIMIT 2;
\pset format html
SELECT * FROM t ORDER BY 1, 2 LIMIT 1;
\pset format latex
SELECT * FROM t ORDER BY 1, 2 LIMIT 1;
\pset format asciidoc
SELECT * FROM t ORDER BY 1, 2 LIMIT 1;
\pset format wrapped
\pset columns 40
SELECT repeat('wrap me ', 20);
\pset format aligned
\x
SELECT * FROM t ORDER BY 1, 2 LIMIT 2;
\x auto
\x off
\t
SELECT * FROM t ORDER BY 1, 2 LIMIT 2;
\t
\a
\a
\f ;
\pset border 2
\pset null '∅'
\pset linestyle unicode
\pset title 'A title'
SELECT NULL AS empty, 1.5 AS number, 'text' AS text;
\pset title
\pset border 1
\pset linestyle ascii
\pset numericlocale on
SELECT 1234567.89;
\pset numericlocale off
\pset footer off
SELECT 1;
\pset footer on
SELECT 1 \g (format=csv)
SELECT 1 AS a \gx (border=2)
SELECT * FROM t ORDER BY 1, 2 \g | head -n 3
SELECT 1 AS x \g /dev/null
\o | cat
SELECT 'through a pipe';
\o
\qecho to the output
\warn to the errors
CREATE SEQUENCE ticks;
\pset title
SELECT 1 / (3 - nextval('ticks')) AS ends_with_an_error \g (format=unaligned)
\t on
SELECT pg_typeof(1 / (4 - nextval('ticks'))) \g
\t off
\if :ERROR
  \echo an error
\else
  \echo none
\endif
SELECT 1 FROM t WHERE false;
\echo :ROW_COUNT :ERROR :SQLSTATE
UPDATE t SET v = 0 WHERE y = 2022;
\echo :ROW_COUNT
SELECT nothing;
\echo :ROW_COUNT :ERROR :SQLSTATE :LAST_ERROR_MESSAGE
SELECT 1 AS a, NULL AS b \gset
\echo :a :{?b}
\set name 'it''s'
SELECT :'name', :"name";
\getenv port PGPORT
SELECT :'port' ~ '^[0-9P]+$';
\p
\r
\p
SELECT 'edited'
\p
\g
\timing off
\set ON_ERROR_ROLLBACK on
BEGIN;
SELECT 1;
SELECT nothing;
SELECT 2;
COMMIT;
\set ON_ERROR_ROLLBACK off
\set AUTOCOMMIT off
SELECT 'begins a transaction';
SELECT now() = statement_timestamp();
ROLLBACK;
INSERT INTO t VALUES (1, 1, 1);
ROLLBACK;
VACUUM t;
SELECT nothing;
SELECT 1;
ROLLBACK;
\set AUTOCOMMIT on
\set SINGLESTEP off
\errverbose
\echo == end
