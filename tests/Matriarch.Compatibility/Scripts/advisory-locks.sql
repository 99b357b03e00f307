-- Advisory locks: of the session, of the transaction, shared, keys.
CREATE VIEW held AS SELECT classid, objid, objsubid, mode, granted FROM pg_locks
  WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  ORDER BY 1, 2, 3, 4;
SELECT pg_advisory_lock(1), pg_advisory_lock(1), pg_advisory_lock_shared(2), pg_advisory_lock(3, 4);
SELECT * FROM held;
SELECT pg_advisory_unlock(1), pg_advisory_unlock(1), pg_advisory_unlock(1);
SELECT pg_advisory_unlock(2), pg_advisory_unlock_shared(2);
SELECT pg_try_advisory_lock(9223372036854775807), pg_try_advisory_lock(-1), pg_try_advisory_lock_shared(5);
SELECT * FROM held;
BEGIN;
SELECT pg_advisory_xact_lock(10), pg_try_advisory_xact_lock(11), pg_advisory_xact_lock_shared(12);
SELECT pg_advisory_unlock(10);
SELECT * FROM held;
SAVEPOINT a;
SELECT pg_advisory_xact_lock(13), pg_advisory_lock(14);
ROLLBACK TO a;
SELECT * FROM held;
COMMIT;
SELECT * FROM held;
SELECT pg_advisory_xact_lock(15);
SELECT * FROM held;
BEGIN;
SELECT pg_advisory_lock(16);
ROLLBACK;
SELECT * FROM held;
SELECT pg_advisory_unlock_all();
SELECT * FROM held;
SELECT pg_advisory_lock(i) FROM generate_series(1, 200) i;
SELECT count(*) FROM held;
DO $$ BEGIN PERFORM pg_advisory_unlock_all(); PERFORM pg_advisory_lock(99); END $$;
SELECT * FROM held;
DISCARD ALL;
SELECT * FROM held;
SELECT pg_advisory_lock(7);
\c
SELECT pg_sleep(0.3);
SELECT * FROM held;
\echo == end
