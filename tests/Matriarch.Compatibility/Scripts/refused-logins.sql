-- Logins that are refused: psql ends by itself when \c fails in a script, so each is a psql of its own.
CREATE ROLE compat_login LOGIN PASSWORD 'right';
CREATE ROLE compat_nologin PASSWORD 'right';
CREATE ROLE compat_expired LOGIN PASSWORD 'right' VALID UNTIL '2001-01-01';
CREATE ROLE compat_limited LOGIN PASSWORD 'right' CONNECTION LIMIT 0;
CREATE ROLE compat_none LOGIN;
\! PGPASSWORD=right psql -X -U compat_login -c 'SELECT current_user'
\! PGPASSWORD=wrong psql -X -U compat_login -c 'SELECT current_user'
\! PGPASSWORD= psql -X -w -U compat_login -c 'SELECT current_user'
\! PGPASSWORD=right psql -X -U compat_nologin -c 'SELECT current_user'
\! PGPASSWORD=right psql -X -U compat_expired -c 'SELECT current_user'
\! PGPASSWORD=right psql -X -U compat_limited -c 'SELECT current_user'
\! PGPASSWORD=right psql -X -U compat_none -c 'SELECT current_user'
\! PGPASSWORD=right psql -X -U compat_nobody -c 'SELECT current_user'
\! PGPASSWORD=right psql -X -U compat_login -d nowhere -c 'SELECT current_user'
\! PGPASSWORD=right psql -X -U '' -d '' -c 'SELECT current_user'
ALTER DATABASE :DBNAME CONNECTION LIMIT 0;
\! PGPASSWORD=right psql -X -U compat_login -c 'SELECT current_user'
ALTER DATABASE :DBNAME CONNECTION LIMIT -1;
REVOKE CONNECT ON DATABASE :DBNAME FROM PUBLIC;
\! PGPASSWORD=right psql -X -U compat_login -c 'SELECT current_user'
GRANT CONNECT ON DATABASE :DBNAME TO PUBLIC;
\! psql -X -c 'SELECT 1' 'sslmode=require'
\! psql -X -c 'SELECT 1' 'sslmode=disable'
\! psql -X -c 'SELECT 1' 'sslmode=prefer gssencmode=prefer'
\! psql -X -c 'SELECT 1' 'channel_binding=require'
\! psql -X -c 'SELECT 1' 'require_auth=none'
\! psql -X -c 'SHOW work_mem' 'options=-cwork_mem=77kB'
\! psql -X -c 'SHOW work_mem' 'options=-cwork_mem=77MB'
\! psql -X -c 'SELECT 1' 'options=-cnonsense=1'
\! psql -X -c 'SELECT 1' 'options=--nonsense'
\! psql -X -c 'SELECT 1' 'options=-cwork_mem=nonsense'
\! psql -X -c 'SELECT 1' 'replication=nonsense'
ALTER ROLE compat_login SET work_mem = 'broken';
ALTER ROLE compat_login SET search_path = 'nowhere';
\! PGPASSWORD=right psql -X -U compat_login -c 'SHOW search_path'
\! pg_isready -t 10
\! pg_isready -U nobody -d nowhere -t 10
\echo == end
