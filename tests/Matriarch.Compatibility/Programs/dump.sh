#!/usr/bin/env bash
# pg_dump and pg_restore in their forms: what is dumped and restored through a side is dumped again.
set -u -o pipefail
here=$(dirname -- "$(readlink -f -- "$0")")
files=$(mktemp -d)
copy=${PGDATABASE}_b
trap 'rm -rf -- "$files"; psql -X -q -d template1 -c "DROP DATABASE IF EXISTS $copy WITH (FORCE)"' EXIT

# The token is new in each dump.
dump() { pg_dump "$@" | sed '/^\\\(un\)\{0,1\}restrict /d'; }

psql -X -q -f "$here/dump-contents.sql"
echo "== plain"
dump
echo "== inserts"
dump --inserts --rows-per-insert=3 --no-comments | sha256sum
dump --column-inserts --data-only --disable-triggers | sha256sum
echo "== piped"
createdb "$copy"
pg_dump | psql -X -q -v ON_ERROR_STOP=1 -d "$copy" > "$files/said" 2>&1; echo "$?"; sort "$files/said" | uniq -c
dump -d "$copy" | diff - <(dump) | head -n 20
echo "== custom"
pg_dump -Fc -f "$files/custom"; echo "$?"
pg_restore --clean --if-exists -d "$copy" "$files/custom"; echo "$?"
dump -d "$copy" | diff - <(dump) | head -n 20
echo "== directory, two jobs"
pg_dump -Fd -j 2 -f "$files/directory"; echo "$?"
dropdb "$copy"; createdb "$copy"
pg_restore -j 2 -d "$copy" "$files/directory"; echo "$?"
dump -d "$copy" | diff - <(dump) | head -n 20
echo "== errors"
pg_dump -t nowhere; echo "$?"
pg_dump -d nowhere; echo "$?"
pg_restore -d "$copy" "$files/custom" 2>&1 | tail -n 1
echo "== roles"
pg_dumpall --roles-only --no-role-passwords | sed '/restrict /d' | grep -v '^--'
echo "== end"
