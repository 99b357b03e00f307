-- How a session sees itself: the statistics views, its address, its query.
SELECT datname, usename, state, query, backend_type, wait_event_type IS NULL FROM pg_stat_activity WHERE pid = pg_backend_pid();
SELECT client_addr, client_hostname, client_port > 0 FROM pg_stat_activity WHERE pid = pg_backend_pid();
SELECT inet_client_addr(), inet_server_addr(), inet_server_port() > 0, pg_backend_pid() > 0;
SELECT pg_backend_pid() AS pid \gset
SELECT pg_backend_pid() = :pid AS same_backend;
BEGIN;
SELECT pg_backend_pid() AS pid \gset
SELECT pg_backend_pid() = :pid AS same_backend_in_a_transaction;
COMMIT;
SELECT ssl, version IS NULL FROM pg_stat_ssl WHERE pid = pg_backend_pid();
SELECT gss_authenticated, encrypted FROM pg_stat_gssapi WHERE pid = pg_backend_pid();
SELECT current_database(), current_schema, current_catalog, current_user, session_user, user;
SELECT version() ~ '^PostgreSQL 15';
SHOW server_version_num;
SHOW server_encoding;
SHOW integer_datetimes;
SHOW in_hot_standby;
SELECT pg_is_in_recovery(), pg_postmaster_start_time() < now(), pg_conf_load_time() < now();
SELECT locktype, mode, granted FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'virtualxid';
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend';
SELECT pg_stat_get_backend_pid(id) = pg_backend_pid() FROM pg_stat_get_backend_idset() id WHERE pg_stat_get_backend_pid(id) = pg_backend_pid();
SELECT query_id IS NULL FROM pg_stat_activity WHERE pid = pg_backend_pid();
SET application_name = 'seen by others';
SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid();
\echo Service :SERVICE user :USER encoding :ENCODING version :SERVER_VERSION_NUM :VERSION_NUM
\conninfo
\echo == end
