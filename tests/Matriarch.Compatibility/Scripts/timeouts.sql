-- Timeouts and cancels of the server's own making; the session lives on.
\set VERBOSITY verbose
SET statement_timeout = '100ms';
SELECT pg_sleep(10);
SELECT 'after';
BEGIN;
SELECT pg_sleep(10);
SELECT 'in a failed transaction';
ROLLBACK;
SELECT pg_sleep(0)\; SELECT pg_sleep(10)\; SELECT 1;
DO $$ BEGIN PERFORM pg_sleep(10); EXCEPTION WHEN query_canceled THEN RAISE NOTICE 'caught'; END $$;
DO $$ BEGIN PERFORM pg_sleep(10); EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'caught'; END $$;
COPY (SELECT pg_sleep(10)) TO STDOUT;
SELECT count(*) FROM generate_series(1, 1000000000);
RESET statement_timeout;
CREATE TABLE t (i int);
BEGIN;
SET LOCAL lock_timeout = '100ms';
SELECT pg_cancel_backend(pg_backend_pid());
ROLLBACK;
SELECT 'the session is alive';
SELECT pg_cancel_backend(0);
SELECT pg_terminate_backend(0);
SET deadlock_timeout = '10ms';
SHOW deadlock_timeout;
SET tcp_keepalives_idle = 30;
SET client_connection_check_interval = '1s';
SHOW client_connection_check_interval;
\echo == end
