-- What a client may say when it connects, and that it stays.
\! PGOPTIONS='-c search_path=pg_catalog,public -c statement_timeout=5min' psql -X -c 'SHOW search_path' -c 'SHOW statement_timeout'
\! PGOPTIONS='-c work_mem=9MB' psql -X -c 'SET work_mem = 1024' -c 'RESET work_mem' -c 'SHOW work_mem' -c 'DISCARD ALL' -c 'SHOW work_mem'
\! PGOPTIONS='-c my.custom=from\ the\ start' psql -X -c 'SHOW my.custom' -c 'RESET my.custom' -c 'SHOW my.custom'
\! PGAPPNAME='an application' psql -X -c 'SHOW application_name' -c 'RESET application_name' -c 'SHOW application_name'
\! PGTZ='Asia/Tokyo' PGDATESTYLE='German' psql -X -c 'SHOW timezone' -c 'SHOW datestyle' -c 'RESET timezone' -c 'SHOW timezone'
\! PGCLIENTENCODING=LATIN1 psql -X -c 'SHOW client_encoding' -c 'RESET client_encoding' -c 'SHOW client_encoding' -c 'SELECT chr(8364)'
\! PGCLIENTENCODING=nonsense psql -X -c 'SELECT 1'
\! PGTZ='Nowhere/City' psql -X -c 'SELECT 1'
\! PGOPTIONS='-c geqo=off -c extra_float_digits=0' psql -X -c 'SELECT 0.1::float8 + 0.2' -c 'SHOW geqo'
\! PGOPTIONS='-c role=pg_monitor' psql -X -c 'SELECT current_user, session_user' -c 'RESET ROLE' -c 'SELECT current_user'
\! PGOPTIONS='-c default_transaction_isolation=serializable' psql -X -c 'SHOW transaction_isolation'
\! PGOPTIONS='-c ignore_system_indexes=on' psql -X -c 'SHOW ignore_system_indexes'
\! PGOPTIONS='-c client_min_messages=debug1' psql -X -c 'SHOW client_min_messages'
\! PGOPTIONS='-c default_transaction_read_only=on' psql -X -c 'CREATE TABLE no (i int)'
\! psql -X -c 'SHOW client_encoding' 'client_encoding=auto'
\! psql -X -c 'SELECT 1 AS attrs' 'target_session_attrs=read-write'
\! psql -X -c 'SELECT 1 AS attrs' 'target_session_attrs=primary'
\! psql -X -c 'SELECT 1 AS attrs' 'target_session_attrs=any'
\! psql -X -c 'SELECT 1 AS attrs' 'target_session_attrs=prefer-standby'
\! psql -X -c 'SELECT 1 AS attrs' 'target_session_attrs=standby'
\! psql -X -c 'SELECT 1 AS attrs' 'target_session_attrs=read-only'
\! psql -X -c 'SELECT 1' 'keepalives=0 connect_timeout=10 tcp_user_timeout=10000 krbsrvname=x'
\! psql -X -c 'IDENTIFY_SYSTEM' 'replication=database' | head -n 1
\! psql -X -c 'SHOW work_mem' 'replication=database'
\! psql -X -c 'SELECT 1' 'replication=database'
\! psql -X -c 'SELECT 1' 'replication=true'
\! psql -X -1 -c 'CREATE TABLE one (i int)' -c 'SELECT nothing' ; psql -X -c 'TABLE one'
\! psql -X -c 'SELECT 1; SELECT 2' -c 'SELECT 3'
\! printf 'SELECT 1;\nSELECT 2' | psql -X
\! printf 'SELECT 1;\nSELECT' | psql -X
\! printf 'COPY (SELECT 1) TO STDOUT;\nCOPY pg_class FROM STDIN;\n' | psql -X
\! psql -X -l -t | grep -c template
\! psql -X -v ON_ERROR_STOP=1 -c 'SELECT 1/0' -c 'SELECT 2'; echo $?
\echo == end
