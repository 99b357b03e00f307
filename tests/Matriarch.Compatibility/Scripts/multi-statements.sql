-- Several statements in one message: implicit transactions, errors in the middle, what psql makes of the results.
CREATE TABLE t (i int);
SELECT 1\; SELECT 2\; SELECT 3;
INSERT INTO t VALUES (1)\; INSERT INTO t VALUES (2)\; SELECT 1/0\; INSERT INTO t VALUES (3);
SELECT count(*) AS an_implicit_transaction_rolls_back FROM t;
BEGIN\; INSERT INTO t VALUES (1)\; COMMIT\; SELECT 1/0\; INSERT INTO t VALUES (2);
SELECT count(*) AS what_was_committed_stays FROM t;
INSERT INTO t VALUES (5)\; COMMIT\; INSERT INTO t VALUES (6)\; ROLLBACK\; SELECT count(*) FROM t;
INSERT INTO t VALUES (7)\; SAVEPOINT a\; INSERT INTO t VALUES (8);
SELECT count(*) FROM t;
BEGIN\; SELECT 1\; SELECT nothing\; COMMIT;
SELECT 'in a failed transaction?';
ROLLBACK;
SELECT 1\; BEGIN\; SELECT 2;
SELECT 3;
COMMIT\; BEGIN\; INSERT INTO t VALUES (9)\; COMMIT\; SELECT count(*) FROM t;
SET work_mem = '3MB'\; SHOW work_mem;
SET LOCAL work_mem = '5MB'\; SHOW work_mem;
SHOW work_mem;
VACUUM t\; SELECT 1;
SELECT 1\; VACUUM t;
CREATE DATABASE x\; SELECT 1;
LISTEN a\; NOTIFY a, 'one'\; SELECT 'the notification comes at the end';
PREPARE p AS SELECT 'prepared'\; EXECUTE p\; DEALLOCATE p;
DECLARE c CURSOR FOR SELECT generate_series(1, 3)\; FETCH 2 FROM c\; FETCH 2 FROM c;
FETCH 1 FROM c;
\set SHOW_ALL_RESULTS off
SELECT 1\; SELECT 2\; SELECT 3;
\set SHOW_ALL_RESULTS on
;
;;
\;
\;\;
SELECT 1\;;
-- only a comment
/* only a comment */;
/* nested /* comment */ */ SELECT 1;
SELECT 1 \g
SELECT 1 \gx
SELECT 'a' AS x, 'b' AS y \gset p_
\echo :p_x :p_y
SELECT 1 AS one, 'two' AS two, 3.0::numeric(5,2) AS three, now() AS four, ARRAY[1] AS five, NULL AS six \gdesc
SELECT nothing \gdesc
INSERT INTO t VALUES (1) \gdesc
SELECT \gdesc
CREATE TABLE u (i int) \gdesc
SELECT 1 AS gset_of_two_rows FROM generate_series(1, 2) \gset
SELECT format('SELECT %s AS made', i) FROM generate_series(1, 3) i \gexec
SELECT 'SELECT 1/0' UNION ALL SELECT 'SELECT 2' \gexec
COPY t TO STDOUT\; SELECT 'after copy';
SELECT 'before copy'\; COPY (SELECT 1) TO STDOUT\; SELECT 'after copy';
COPY (SELECT 1) TO STDOUT\; COPY (SELECT 2) TO STDOUT;
COPY t FROM STDIN\; SELECT count(*) FROM t;
100
101
\.
TRUNCATE t\; COPY t FROM STDIN\; SELECT count(*) FROM t\; COPY t TO STDOUT;
1
2
\.
BEGIN\; COPY t FROM STDIN\; SELECT 1;
wrong
\.
SELECT 1;
ROLLBACK;
\echo == end
