-- Event triggers and what they see of commands.
CREATE FUNCTION starts() RETURNS event_trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE NOTICE 'start of %', TG_TAG; END $$;
CREATE FUNCTION ends() RETURNS event_trigger LANGUAGE plpgsql AS $$
  DECLARE r record; BEGIN FOR r IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP
    RAISE NOTICE 'end of %: % %', TG_TAG, r.object_type, r.object_identity; END LOOP; END $$;
CREATE FUNCTION drops() RETURNS event_trigger LANGUAGE plpgsql AS $$
  DECLARE r record; BEGIN FOR r IN SELECT * FROM pg_event_trigger_dropped_objects() ORDER BY object_identity LOOP
    RAISE NOTICE 'dropped % %', r.object_type, r.object_identity; END LOOP; END $$;
CREATE FUNCTION refuses() RETURNS event_trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'no % today', TG_TAG; END $$;
CREATE EVENT TRIGGER a ON ddl_command_start EXECUTE FUNCTION starts();
CREATE EVENT TRIGGER b ON ddl_command_end EXECUTE FUNCTION ends();
CREATE EVENT TRIGGER c ON sql_drop EXECUTE FUNCTION drops();
CREATE TABLE t (i serial PRIMARY KEY, v text UNIQUE);
ALTER TABLE t ADD COLUMN w int, DROP COLUMN v;
CREATE INDEX ON t (w);
SELECT 1 AS i INTO made;
CREATE TABLE u AS SELECT * FROM made;
COMMENT ON TABLE t IS 'x';
GRANT SELECT ON t TO PUBLIC;
BEGIN;
DROP TABLE t;
ROLLBACK;
DROP TABLE t, made;
CREATE EVENT TRIGGER d ON ddl_command_start WHEN TAG IN ('CREATE VIEW') EXECUTE FUNCTION refuses();
CREATE VIEW v AS SELECT 1;
CREATE SCHEMA s CREATE VIEW sv AS SELECT 1;
ALTER EVENT TRIGGER d DISABLE;
CREATE VIEW v AS SELECT 1;
DO $$ BEGIN EXECUTE 'CREATE TABLE of_do (i int)'; END $$;
DROP EVENT TRIGGER a, b;
DROP EVENT TRIGGER a;
\dy
\echo == end
