-- Sessions that the server ends: each is a psql of its own, which stops there.
CREATE TABLE t (i int);
\! printf 'SELECT pg_terminate_backend(pg_backend_pid());\nSELECT 2;\n' | psql -X -a -v VERBOSITY=verbose; echo "exit code $?"
\! printf 'BEGIN;\nINSERT INTO t VALUES (1);\nSELECT pg_terminate_backend(pg_backend_pid());\nCOMMIT;\n' | psql -X -a; echo "exit code $?"
SELECT count(*) FROM t;
\! printf "SET idle_in_transaction_session_timeout = '100ms';\nBEGIN;\nSELECT 1;\n\\\\! sleep 0.4\nSELECT 2;\n" | psql -X -a -v VERBOSITY=verbose; echo "exit code $?"
\! printf "SET idle_session_timeout = '100ms';\nSELECT 1;\n\\\\! sleep 0.4\nSELECT 2;\n" | psql -X -a -v VERBOSITY=verbose; echo "exit code $?"
\! printf "SELECT pg_terminate_backend(pg_backend_pid())\\\\;SELECT 2;\n" | psql -X -a; echo "exit code $?"
\! printf "COPY (SELECT i, CASE WHEN i = 1000 THEN pg_terminate_backend(pg_backend_pid()) END FROM generate_series(1, 100000) i) TO STDOUT;\nSELECT 1;\n" | psql -X -a | tail -n 2; echo "exit code $?"
\! printf "DO \$\$ BEGIN RAISE NOTICE 'before'; PERFORM pg_terminate_backend(pg_backend_pid()); END \$\$;\nSELECT 1;\n" | psql -X -a; echo "exit code $?"
\! psql -X -c 'SELECT pg_terminate_backend(pg_backend_pid())'; echo "exit code $?"
\! psql -X -1 -c 'INSERT INTO t VALUES (2)' -c 'SELECT pg_terminate_backend(pg_backend_pid())'; echo "exit code $?"
SELECT count(*) FROM t;
\! psql -X -c 'SELECT pg_cancel_backend(pg_backend_pid())' -c 'SELECT 1'; echo "exit code $?"
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
\echo == end
