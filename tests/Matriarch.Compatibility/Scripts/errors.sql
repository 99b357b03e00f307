-- Errors with everything that the protocol carries.
\set VERBOSITY verbose
SELEC 1;
SELECT FROM WHERE;
SELECT 1 +;
SELECT nothing;
SELECT t.nothing FROM (SELECT 1 AS x) t;
SELECT * FROM nowhere;
SELECT * FROM no_schema.nowhere;
SELECT no_function(1, 'a');
SELECT 1 + 'a'::text;
SELECT 'a' || 1 + 2;
SELECT "unterminated;
";
SELECT 'ü', nothing_after_two_bytes;
SELECT 1 AS one, /* comment with 🐘 */ missing AS two;
CREATE TABLE parent (id int PRIMARY KEY, name text NOT NULL UNIQUE, age int CHECK (age >= 0));
CREATE TABLE child (id int REFERENCES parent (id) ON DELETE RESTRICT, EXCLUDE USING btree (id WITH =));
INSERT INTO parent VALUES (1, 'one', 1);
INSERT INTO parent VALUES (1, 'two', 1);
INSERT INTO parent VALUES (2, 'one', 1);
INSERT INTO parent VALUES (2, NULL, 1);
INSERT INTO parent VALUES (2, 'two', -1);
INSERT INTO parent VALUES (2);
INSERT INTO parent VALUES (1, 2, 3, 4);
INSERT INTO child VALUES (7);
INSERT INTO child VALUES (1);
INSERT INTO child VALUES (1);
DELETE FROM parent;
UPDATE parent SET nothing = 1;
DROP TABLE parent;
DROP TABLE nowhere;
DROP TABLE IF EXISTS nowhere;
CREATE TABLE parent (x int);
CREATE TABLE IF NOT EXISTS parent (x int);
SELECT count(*) FROM parent GROUP BY;
SELECT id FROM parent GROUP BY name;
SELECT (SELECT id FROM generate_series(1, 2) id);
SELECT * FROM parent LIMIT -1;
SELECT substring('a' from 1 for -1);
SELECT 'x'::int;
\errverbose
DO $$ BEGIN RAISE EXCEPTION 'from % with %', 'PL/pgSQL', 42 USING ERRCODE = 'UE001', DETAIL = 'the detail',
  HINT = 'the hint', COLUMN = 'a column', CONSTRAINT = 'a constraint', DATATYPE = 'a type', TABLE = 'a table',
  SCHEMA = 'a schema'; END $$;
\errverbose
\echo :SQLSTATE :ERROR :ROW_COUNT :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
CREATE FUNCTION inner_f(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1 / i; END $$;
CREATE FUNCTION outer_f(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN inner_f(i - 1); END $$;
SELECT outer_f(1);
CREATE FUNCTION broken() RETURNS int LANGUAGE sql AS 'SELECT nothing';
CREATE FUNCTION broken() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1 END';
SELECT * FROM parent WHERE name = ANY (ARRAY[1]);
ALTER TABLE parent ADD COLUMN id int;
ALTER TABLE parent ALTER COLUMN name TYPE int;
SET no_such_setting = 1;
SET work_mem = 'lots';
SET work_mem = '1kB';
SHOW no_such_setting;
COPY nowhere FROM STDIN;
LOCK TABLE parent;
SAVEPOINT outside;
ROLLBACK TO outside;
RELEASE outside;
FETCH 1 FROM no_cursor;
EXECUTE no_statement;
DEALLOCATE no_statement;
COMMIT PREPARED 'nothing';
VACUUM FULL nowhere;
\set VERBOSITY terse
SELECT 1/0;
\errverbose
\set VERBOSITY sqlstate
SELECT 1/0;
SELECT * FROM nowhere;
\set VERBOSITY default
\set SHOW_CONTEXT always
SELECT outer_f(1);
DO $$ BEGIN RAISE NOTICE 'with context'; END $$;
\set SHOW_CONTEXT never
SELECT outer_f(1);
SELECT 1/0;
SELECT 'after' AS all_that;
\echo == end
