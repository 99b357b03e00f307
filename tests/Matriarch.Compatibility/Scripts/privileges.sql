-- Roles, privileges, row security: what a login may do, and who it is.
CREATE ROLE compat_user LOGIN PASSWORD 'user-password';
CREATE ROLE compat_other LOGIN;
CREATE TABLE t (owner text, v int);
INSERT INTO t VALUES ('compat_user', 1), ('compat_other', 2);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (owner = current_user) WITH CHECK (v < 100);
GRANT SELECT, INSERT ON t TO compat_user;
GRANT CREATE ON SCHEMA public TO compat_user;
\setenv PGPASSWORD user-password
\c - compat_user
SELECT current_user, session_user;
SHOW is_superuser;
SELECT * FROM t;
INSERT INTO t VALUES ('compat_user', 5);
INSERT INTO t VALUES ('compat_user', 500);
INSERT INTO t VALUES ('compat_other', 5);
UPDATE t SET v = 1;
DELETE FROM t;
SELECT * FROM pg_authid;
SET row_security = off;
SELECT * FROM t;
RESET row_security;
SET ROLE compat_other;
SET SESSION AUTHORIZATION compat_other;
CREATE ROLE compat_third;
ALTER ROLE compat_user SUPERUSER;
CREATE DATABASE compat_x;
COPY t TO '/tmp/x';
SELECT pg_read_file('/etc/passwd');
SELECT count(*) FROM pg_stat_activity WHERE query = '<insufficient privilege>' AND false;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' AND datname = current_database();
CREATE FUNCTION as_definer() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user::text';
CREATE TABLE mine (i int);
SET password_encryption = 'scram-sha-256';
ALTER ROLE compat_user PASSWORD 'changed';
\c -reuse-previous=on "user=compat_user password=changed"
SELECT as_definer();
DROP TABLE mine;
DROP FUNCTION as_definer;
\c -reuse-previous=on "user=postgres password=test-password"
SELECT current_user;
ALTER ROLE compat_user VALID UNTIL '2001-01-01';
ALTER ROLE compat_other CONNECTION LIMIT 0 PASSWORD 'other';
DROP OWNED BY compat_user;
\echo == end
