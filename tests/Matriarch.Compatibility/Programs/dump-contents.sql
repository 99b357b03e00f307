CREATE SCHEMA s;
CREATE TYPE s.mood AS ENUM ('sad', 'happy');
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, m s.mood, d numeric, b bytea, j jsonb);
INSERT INTO t (name, m, d, b, j) SELECT E'row\t' || i, 'happy', i / 3.0, decode(md5(i::text), 'hex'), '{"a": 1}' FROM generate_series(1, 500) i;
INSERT INTO t (name) VALUES (NULL), (''), ('\N'), (E'\\.'), ('🐘');
CREATE TABLE child (t_id int REFERENCES t, x int) PARTITION BY RANGE (x);
CREATE TABLE child_1 PARTITION OF child FOR VALUES FROM (0) TO (100);
INSERT INTO child SELECT 1 + i % 50, i FROM generate_series(0, 99) i;
CREATE INDEX ON child (x);
CREATE VIEW v AS SELECT id, name FROM t WHERE id < 10;
CREATE MATERIALIZED VIEW mv AS SELECT count(*) FROM t;
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a + 1; END $$;
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER trg BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trg();
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (id > 0);
CREATE SEQUENCE seq START 7;
SELECT nextval('seq') \g /dev/null
COMMENT ON TABLE t IS 'a comment';
GRANT SELECT ON t TO PUBLIC;
SELECT lo_from_bytea(424242, repeat('large', 10000)::bytea) \g /dev/null
CREATE PUBLICATION pub FOR TABLE t;
