-- The catalog and the information schema, read whole where it is the same on every run.
SELECT count(*) FROM pg_proc WHERE oid < 16384;
SELECT count(*) FROM pg_type WHERE oid < 16384;
SELECT md5(string_agg(oid || proname || prosrc, ',' ORDER BY oid)) FROM pg_proc WHERE oid < 16384;
SELECT oid, proname, prosrc FROM pg_proc WHERE oid < 16384 ORDER BY oid \g | md5sum
SELECT * FROM pg_operator WHERE oid < 16384 ORDER BY oid \g | md5sum
SELECT name, setting, unit, short_desc, vartype, enumvals FROM pg_settings WHERE name NOT IN ('port', 'config_file', 'data_directory', 'hba_file', 'ident_file', 'external_pid_file') ORDER BY name \g | md5sum
SELECT * FROM pg_timezone_abbrevs ORDER BY abbrev \g | md5sum
SELECT name, utc_offset FROM pg_timezone_names WHERE name ~ '^Etc/' ORDER BY name;
SELECT * FROM pg_get_keywords() ORDER BY word \g | md5sum
SELECT * FROM information_schema.sql_features ORDER BY 1, 2, 3 \g | md5sum
SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'public';
SELECT viewname, definition FROM pg_views WHERE schemaname = 'pg_catalog' ORDER BY 1 \g | md5sum
SELECT pg_get_viewdef('pg_settings'::regclass) \g | md5sum
SELECT amname, amtype FROM pg_am ORDER BY 1;
SELECT extname, extversion FROM pg_extension;
SELECT name, default_version FROM pg_available_extensions ORDER BY 1 \g | md5sum
SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_t' ORDER BY 1;
SELECT collname FROM pg_collation WHERE collname IN ('C', 'POSIX', 'ucs_basic', 'default') ORDER BY 1;
SELECT spcname FROM pg_tablespace ORDER BY 1;
SELECT slot_name FROM pg_replication_slots WHERE database = current_database();
\echo == end
