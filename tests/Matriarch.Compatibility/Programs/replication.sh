#!/usr/bin/env bash
# Logical replication over this side: a subscription of PostgreSQL itself, pg_recvlogical, and what a base backup asks.
set -u -o pipefail
subscriber=${PGDATABASE}_s
files=$(mktemp -d)
remove() {
  psql -X -q -d "$subscriber" -c 'ALTER SUBSCRIPTION s DISABLE' -c 'ALTER SUBSCRIPTION s SET (slot_name = NONE)' \
    -c 'DROP SUBSCRIPTION s' > /dev/null 2>&1
  psql -X -q -d template1 -c "DROP DATABASE IF EXISTS $subscriber WITH (FORCE)"
  rm -rf -- "$files"
}
trap remove EXIT

# Until the query gives what is expected, or 30 s are over.
wait_for() {
  local i
  for i in {1..300}; do
    [ "$(psql -X -At -d "$subscriber" -c "$2")" != "$1" ] || { echo "$2: $1"; return; }
    sleep 0.1
  done
  echo "did not come: $2 is not $1 (after $i looks)"
}

echo "== subscription"
psql -X -q -c 'CREATE TABLE t (i int PRIMARY KEY, v text)' -c "INSERT INTO t SELECT i, 'copied' FROM generate_series(1, 1000) i" \
  -c 'CREATE PUBLICATION p FOR TABLE t' \
  -c "SELECT 'made' FROM pg_create_logical_replication_slot('compat_subscription', 'pgoutput')"
createdb "$subscriber"
psql -X -q -d "$subscriber" -c 'CREATE TABLE t (i int PRIMARY KEY, v text)' \
  -c "CREATE SUBSCRIPTION s CONNECTION 'host=$PGHOST port=$PGPORT user=$PGUSER password=$PGPASSWORD dbname=$PGDATABASE'
      PUBLICATION p WITH (create_slot = false, slot_name = compat_subscription)"
wait_for 1000 'SELECT count(*) FROM t'
wait_for r "SELECT string_agg(srsubstate::text, ',') FROM pg_subscription_rel"
psql -X -q -c "INSERT INTO t SELECT i, 'streamed' FROM generate_series(1001, 3000) i" -c "UPDATE t SET v = 'changed' WHERE i <= 10" \
  -c 'DELETE FROM t WHERE i > 2990' -c "INSERT INTO t VALUES (9999, repeat('large', 1000000))"
wait_for 2991 'SELECT count(*) FROM t'
psql -X -At -d "$subscriber" -c 'SELECT count(*), md5(string_agg(t::text, $$,$$ ORDER BY i)) FROM t'
psql -X -At -c 'SELECT count(*), md5(string_agg(t::text, $$,$$ ORDER BY i)) FROM t'
psql -X -q -c 'TRUNCATE t'
wait_for 0 'SELECT count(*) FROM t'
psql -X -At -c "SELECT application_name, state, sync_state FROM pg_stat_replication WHERE application_name = 's'"

echo "== pg_recvlogical"
pg_recvlogical -d "$PGDATABASE" --slot compat_recv --create-slot -P test_decoding; echo "$?"
psql -X -q -c "INSERT INTO t SELECT i, 'r' FROM generate_series(1, 3) i" -c 'UPDATE t SET v = NULL WHERE i = 2'
lsn=$(psql -X -At -c 'SELECT pg_current_wal_insert_lsn()')
timeout 30 pg_recvlogical -d "$PGDATABASE" --slot compat_recv --no-loop --start --endpos "$lsn" -o include-xids=0 -o skip-empty-xacts=1 -f -; echo "$?"
pg_recvlogical -d "$PGDATABASE" --slot compat_recv --drop-slot; echo "$?"
pg_recvlogical -d "$PGDATABASE" --slot nowhere --no-loop --start -f -; echo "$?"

echo "== replication commands"
psql -X -At 'replication=database' -c 'SHOW wal_level' -c 'CREATE_REPLICATION_SLOT compat_x LOGICAL test_decoding NOEXPORT_SNAPSHOT' \
  | sed 's/|.*//'
psql -X -At 'replication=database' -c 'DROP_REPLICATION_SLOT compat_x' -c 'SELECT 1' -c 'NONSENSE' 2>&1
psql -X -At 'replication=true' -c 'IDENTIFY_SYSTEM' | cut -d '|' -f 2
psql -X -At 'replication=true' -c 'TIMELINE_HISTORY 9' 2>&1 | sed 's/".*"/it/'
pg_receivewal -D "$files" --slot compat_wal --create-slot; echo "$?"
pg_receivewal -D "$files" --slot compat_wal --drop-slot; echo "$?"
echo "== base backup"
timeout 60 pg_basebackup -D "$files/backup" -X stream -c fast --no-sync; echo "$?"
pg_verifybackup -n -q "$files/backup"; echo "$?"
echo "== end"
