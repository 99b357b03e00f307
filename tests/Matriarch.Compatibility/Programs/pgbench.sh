#!/usr/bin/env bash
# pgbench in its three protocols, with fixed seeds: in the end the rows have the same sums.
set -u -o pipefail
files=$(mktemp -d)
trap 'rm -rf -- "$files"' EXIT

sums() {
  psql -X -At -c "SELECT sum(abalance), count(*) FILTER (WHERE abalance <> 0) FROM pgbench_accounts" \
    -c "SELECT sum(bbalance) FROM pgbench_branches" -c "SELECT sum(tbalance) FROM pgbench_tellers" \
    -c "SELECT sum(delta), count(*), md5(string_agg(aid::text, ',' ORDER BY aid)) FROM pgbench_history"
}

run() { pgbench -n --random-seed=7 "$@" 2>&1 | grep -E '^(number of transactions|number of failed|query mode|pgbench: error)'; }

echo "== initialization"
pgbench -i -q -s 1 --foreign-keys --partitions=2 2>&1 | grep -v -E 'done in|tuples'
for mode in simple extended prepared; do
  echo "== $mode"
  run -M "$mode" -c 6 -j 2 -t 60
  sums
  run -M "$mode" -S -c 6 -j 2 -t 100
  run -M "$mode" -C -c 2 -t 10 -S
done
cat > "$files/pipeline" << 'END'
\set aid random(1, 100000)
\startpipeline
BEGIN;
UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = :aid;
SELECT abalance FROM pgbench_accounts WHERE aid = :aid;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, :aid, 1, now());
COMMIT;
\endpipeline
END
for mode in extended prepared; do
  echo "== pipelines, $mode"
  run -M "$mode" -f "$files/pipeline" -c 4 -j 2 -t 50
  sums
done
echo "== a failing script"
echo 'SELECT nothing;' > "$files/broken"
pgbench -n -f "$files/broken" -c 1 -t 1 2>&1 | grep -E 'ERROR|failed|aborted'
echo "== serialization failures are tried again"
cat > "$files/retry" << 'END'
BEGIN ISOLATION LEVEL SERIALIZABLE;
UPDATE pgbench_branches SET bbalance = bbalance + 1;
COMMIT;
END
run -f "$files/retry" -c 3 -j 2 -t 30 --max-tries=1000 | grep -v retried
psql -X -At -c "SELECT sum(bbalance) FROM pgbench_branches"
echo "== end"
