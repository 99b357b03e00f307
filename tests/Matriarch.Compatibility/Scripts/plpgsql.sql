-- Functions that catch, raise, loop, return sets, run dynamic SQL.
CREATE TABLE log (n int GENERATED ALWAYS AS IDENTITY, what text);
CREATE FUNCTION catches(i int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text; state text; context text;
BEGIN
  INSERT INTO log (what) VALUES ('before ' || i);
  IF i = 1 THEN RAISE unique_violation USING MESSAGE = 'made', DETAIL = 'up'; END IF;
  RETURN 10 / i;
EXCEPTION
  WHEN division_by_zero THEN RETURN 'divided by zero';
  WHEN unique_violation THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, state = RETURNED_SQLSTATE, context = PG_EXCEPTION_CONTEXT;
    RETURN state || ' ' || detail || ' ' || context;
END $$;
SELECT catches(0), catches(1), catches(2);
SELECT what FROM log ORDER BY n;
CREATE FUNCTION rows_of(n int) RETURNS SETOF log LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..n LOOP RETURN NEXT ROW(i, 'x' || i)::log; END LOOP;
  RETURN QUERY SELECT * FROM log;
  RETURN QUERY EXECUTE 'SELECT 99, $1' USING 'dynamic';
END $$;
SELECT * FROM rows_of(2);
CREATE FUNCTION tab(OUT a int, OUT b text) RETURNS SETOF record LANGUAGE sql AS $$ VALUES (1, 'x'), (2, 'y') $$;
SELECT * FROM tab();
SELECT tab();
SELECT * FROM json_each('{"a":1}') AS j(k, v), LATERAL (SELECT k || '!') l;
CREATE FUNCTION rec() RETURNS record LANGUAGE sql AS $$ SELECT 1, 'a'::text $$;
SELECT * FROM rec();
SELECT * FROM rec() AS (x int, y text);
SELECT * FROM rec() AS (x int, y int);
CREATE FUNCTION deep(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN deep(i + 1); END $$;
\set VERBOSITY sqlstate
SELECT deep(1);
\set VERBOSITY default
CREATE FUNCTION strict_one() RETURNS int LANGUAGE plpgsql AS $$
DECLARE x int; BEGIN SELECT n INTO STRICT x FROM log; RETURN x; END $$;
SELECT strict_one();
CREATE FUNCTION assert_it() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ASSERT 1 = 2, 'not equal'; END $$;
SELECT assert_it();
DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM log ORDER BY n LOOP RAISE NOTICE '% %', r.n, r.what; END LOOP; END $$;
DO $$ DECLARE c CURSOR (k int) FOR SELECT * FROM log WHERE n > k ORDER BY n; r record;
BEGIN OPEN c(1); FETCH c INTO r; RAISE NOTICE '%', r; CLOSE c; END $$;
DO $$ << outer >> BEGIN << inner >> FOR i IN REVERSE 3..1 LOOP
  CONTINUE inner WHEN i = 2; RAISE NOTICE '%', i; EXIT outer WHEN i = 1; END LOOP; END $$;
DO $$ BEGIN PERFORM 1 / 0; EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'caught % %', SQLSTATE, SQLERRM; RAISE; END $$;
DO LANGUAGE nonsense 'x';
DO $$ DECLARE x int; BEGIN x := 'y'; END $$;
DO $$ BEGIN SELECT 1; END $$;
DO $$ BEGIN EXECUTE 'BEGIN'; END $$;
DO $$ BEGIN EXECUTE 'CREATE TABLE made (i int)'; EXECUTE 'INSERT INTO made VALUES (1)'; END $$;
TABLE made;
CREATE FUNCTION sets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE NOTICE '% % % % old % new %', TG_NAME, TG_WHEN, TG_OP, TG_LEVEL, OLD, NEW; RETURN COALESCE(NEW, OLD); END $$;
CREATE TRIGGER a BEFORE INSERT OR UPDATE OR DELETE ON made FOR EACH ROW EXECUTE FUNCTION sets();
CREATE TRIGGER b AFTER INSERT OR UPDATE OR DELETE ON made FOR EACH STATEMENT EXECUTE FUNCTION sets();
CREATE CONSTRAINT TRIGGER c AFTER INSERT ON made DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sets();
INSERT INTO made VALUES (2);
BEGIN;
INSERT INTO made VALUES (3);
UPDATE made SET i = i + 1;
DELETE FROM made WHERE i = 2;
COMMIT;
ALTER TABLE made DISABLE TRIGGER ALL;
INSERT INTO made VALUES (9);
\echo == end
