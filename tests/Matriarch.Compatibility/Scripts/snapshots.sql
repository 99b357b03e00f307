-- What one session promises to itself between transactions: snapshots, row versions, its own writes.
CREATE TABLE t (i int);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM t;
\! psql -X -q -c 'INSERT INTO t VALUES (1)'
SELECT count(*) FROM t;
COMMIT;
SELECT count(*) FROM t;
BEGIN;
SELECT count(*) FROM t;
\! psql -X -q -c 'INSERT INTO t VALUES (2)'
SELECT count(*) FROM t;
COMMIT;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM t;
\! psql -X -q -c 'UPDATE t SET i = i + 10'
UPDATE t SET i = 0;
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT sum(i) FROM t;
\! psql -X -q -c 'BEGIN ISOLATION LEVEL SERIALIZABLE' -c 'SELECT sum(i) FROM t' -c 'INSERT INTO t VALUES (100)' -c 'COMMIT'
INSERT INTO t VALUES (200);
COMMIT;
SELECT i FROM t ORDER BY 1;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\! psql -X -q -c 'INSERT INTO t VALUES (300)'
\! psql -X -q -c 'BEGIN ISOLATION LEVEL REPEATABLE READ' -c "SET TRANSACTION SNAPSHOT '$SNAPSHOT'" -c 'SELECT count(*) FROM t'
COMMIT;
\! psql -X -q -c 'BEGIN ISOLATION LEVEL REPEATABLE READ' -c "SET TRANSACTION SNAPSHOT '$SNAPSHOT'" 2>&1 | sed 's/".*"/it/'
BEGIN;
LOCK TABLE t IN ACCESS EXCLUSIVE MODE;
\! psql -X -q -c "SET lock_timeout = '100ms'" -c 'SELECT count(*) FROM t'
COMMIT;
\! psql -X -q -c 'SELECT count(*) FROM t'
\echo == end
