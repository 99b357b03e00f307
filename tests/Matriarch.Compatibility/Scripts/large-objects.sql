-- Large objects: psql's own commands use the function call message.
\lo_import '/etc/hostname' 'a comment'
\set oid :LASTOID
SELECT count(*) FROM pg_largeobject_metadata;
\set ECHO none
\set ECHO errors
SELECT lo_get(:oid) = pg_read_binary_file('/etc/hostname');
\set ECHO none
\lo_export :oid /dev/null
\lo_unlink :oid
\set ECHO all
SELECT count(*) FROM pg_largeobject_metadata;
SELECT lo_create(424242);
BEGIN;
SELECT lo_open(424242, x'60000'::int);
SELECT lowrite(0, repeat('data', 100000)::bytea);
SELECT lo_lseek(0, 10, 0), lo_tell(0);
SELECT loread(0, 10);
SELECT lo_truncate(0, 1000), lo_lseek(0, 0, 2);
SELECT lo_close(0);
SELECT lo_close(0);
COMMIT;
SELECT length(lo_get(424242)), lo_get(424242, 0, 8);
SELECT lo_open(424242, x'20000'::int);
SELECT loread(0, 1);
SELECT lo_put(424242, 5, '\xffff'), lo_from_bytea(424243, '\x0102');
SELECT lo_unlink(424242), lo_unlink(424243);
SELECT lo_unlink(424242);
\lo_export 424242 /dev/null
\lo_unlink 424242
\lo_import /nowhere/file
\echo == end
