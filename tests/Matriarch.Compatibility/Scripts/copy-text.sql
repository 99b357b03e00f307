-- COPY in text format, both directions, and errors in the middle.
CREATE TABLE t (i int PRIMARY KEY, a text, b text DEFAULT 'default', c numeric);
COPY t FROM STDIN;
1	one	x	1.5
2	two\ttab\nnewline\\backslash	\N	\N
3		\101\x42	-0
\.
COPY t TO STDOUT;
COPY t (a, i) TO STDOUT WITH (DELIMITER '|', NULL 'nothing');
COPY t (i, a) FROM STDIN (DELIMITER ',', NULL '');
4,four
5,
\.
SELECT * FROM t ORDER BY i;
COPY (SELECT i, a FROM t WHERE i > 2 ORDER BY i DESC) TO STDOUT;
COPY t TO STDOUT (HEADER);
COPY t (i, a, b, c) FROM STDIN (HEADER MATCH);
i	a	b	wrong
6	six	b	6
\.
COPY t (i, a, b, c) FROM STDIN (HEADER MATCH);
i	a	b	c
6	six	b	6
\.
\set VERBOSITY verbose
COPY t FROM STDIN;
10	ok	b	1
eleven	bad	b	1
12	never read	b	1
\.
SELECT count(*) FROM t;
COPY t FROM STDIN;
10	missing columns
\.
COPY t FROM STDIN;
10	a	b	1	too many
\.
COPY t FROM STDIN;
10	a	b	1
1	duplicate key	b	1
11	never read	b	1
\.
COPY t FROM STDIN;
10	a	b	1
\.
COPY t FROM STDIN;
\.
COPY t (no_column) FROM STDIN;
COPY t FROM STDIN (FORMAT nonsense);
COPY t FROM STDIN (DELIMITER 'ab');
COPY t FROM STDIN (ENCODING 'LATIN1');
20	grüße as two bytes each	b	1
\.
COPY no_table TO STDOUT;
COPY (SELECT 1/0) TO STDOUT;
COPY (SELECT i, 100 / (5 - i) FROM generate_series(1, 8) i) TO STDOUT;
COPY (INSERT INTO t VALUES (30, 'returned') RETURNING *) TO STDOUT;
COPY (SELECT i FROM generate_series(1, 5) i) TO STDOUT (FORMAT text, DELIMITER E'\t', ENCODING 'UTF8');
BEGIN;
COPY t FROM STDIN;
40	in a transaction	b	1
\.
COPY t FROM STDIN;
wrong
\.
SELECT 1;
ROLLBACK;
SELECT count(*) FROM t WHERE i = 40;
CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE NOTICE 'trigger of row %', NEW.i; IF NEW.i = 52 THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
CREATE TRIGGER no BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION no();
COPY t FROM STDIN;
50	a	b	1
51	a	b	1
\.
COPY t FROM STDIN;
52	a	b	1
53	a	b	1
\.
COPY t FROM STDIN WHERE i > 60;
60	not this one	b	1
61	this one	b	1
\.
CREATE TABLE f (i int);
COPY f FROM STDIN (FREEZE);
BEGIN;
TRUNCATE f;
COPY f FROM STDIN (FREEZE);
1
2
\.
COMMIT;
COPY t FROM '/nowhere/file';
COPY t TO '/nowhere/file';
COPY f FROM PROGRAM 'printf "7\n8\n"';
COPY f TO PROGRAM 'false';
SELECT sum(i) FROM f;
\copy f FROM PROGRAM 'seq 100 105'
\copy (SELECT * FROM f ORDER BY i) TO STDOUT
\copy f TO PROGRAM 'sort -n | tail -n 2'
\copy f (i) FROM STDIN
200
\.
\copy f FROM STDIN WITH (FORMAT csv)
300
"301"
\.
\copy f FROM '/nowhere/file'
\copy f FROM PROGRAM 'echo wrong'
\copy nowhere TO STDOUT
\copy
SELECT * FROM f ORDER BY i;
\echo == end
