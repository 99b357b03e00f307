-- The \d family: each asks the catalog in its own way.
CREATE SCHEMA s;
CREATE ROLE compat_d;
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL DEFAULT 'x',
  twice int GENERATED ALWAYS AS (length(name) * 2) STORED, CONSTRAINT short CHECK (length(name) < 10));
COMMENT ON TABLE t IS 'a table';
COMMENT ON COLUMN t.name IS 'a column';
CREATE INDEX t_name ON t (lower(name) DESC NULLS LAST) WHERE id > 5;
CREATE TABLE s.child (t_id int REFERENCES t ON DELETE CASCADE, x numeric(10,2)[]) PARTITION BY RANGE (t_id);
CREATE TABLE s.child_1 PARTITION OF s.child FOR VALUES FROM (1) TO (100);
CREATE TABLE s.child_d PARTITION OF s.child DEFAULT;
CREATE VIEW v AS SELECT id, name FROM t WHERE id > 1;
CREATE MATERIALIZED VIEW mv AS SELECT count(*) FROM t;
CREATE SEQUENCE seq INCREMENT 5 MINVALUE 0 CYCLE;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN small AS int CHECK (VALUE < 10) DEFAULT 5;
CREATE FUNCTION f(a int, OUT b text, VARIADIC c int[] DEFAULT '{}') LANGUAGE sql AS $$ SELECT 'x' $$;
CREATE PROCEDURE p(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN a := a + 1; END $$;
CREATE AGGREGATE my_sum (int) (SFUNC = int4pl, STYPE = int, INITCOND = 0);
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER trg BEFORE UPDATE OF name ON t FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION trg();
CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY pol ON t FOR SELECT TO compat_d USING (id > 0);
GRANT SELECT (name), INSERT ON t TO compat_d;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO compat_d;
CREATE STATISTICS st (dependencies) ON id, name FROM t;
CREATE PUBLICATION pub FOR TABLE t WHERE (id > 0), TABLES IN SCHEMA s;
CREATE EVENT TRIGGER et ON ddl_command_start EXECUTE FUNCTION no_function();
\d
\d t
\d+ t
\d v
\d+ v
\d seq
\d t_name
\d s.child
\d+ s.child
\d s.*
\d pair
\d nowhere
\dt
\dt *.*child*
\dtvmis
\di+ t_name
\dv
\dm
\ds
\dn
\dn+ s
\df
\df+ f
\da my_sum
\do ===
\dT
\dT+ mood
\dD
\dC int4
\dc latin1_to_utf8
\du compat_d
\dg compat_d
\drds
\dp t
\z t
\ddp
\dRp
\dRp+ pub
\dRs
\dX
\dy
\dL
\dx
\dA
\dAc btree int4
\dAo hash int4_ops
\dconfig work_mem
\dd short
\db
\dE
\dF english
\dFd simple
\dFp
\dFt simple
\dO "C"
\dP
\l postgres
\sf f
\sf+ f
\sv v
\sf nowhere
\sv nowhere
\dfn int4p*
\dft
\h SELECT
\h CREATE NONSENSE
\conninfo
\set ECHO_HIDDEN on
\dn s
\dt t
\set ECHO_HIDDEN noexec
\dt t
\set ECHO_HIDDEN off
\lo_list
\unknown
DROP OWNED BY compat_d;
\echo == end
