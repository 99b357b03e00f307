-- COPY as CSV and as binary.
CREATE TABLE t (i int, a text, b text);
COPY t FROM STDIN (FORMAT csv);
1,plain,x
2,"quoted, with comma","with ""quotes"""
3,"two
lines",
4,,""
\.
COPY t TO STDOUT (FORMAT csv);
COPY t TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *);
COPY t TO STDOUT (FORMAT csv, DELIMITER ';', QUOTE '''', ESCAPE '\', NULL 'NULL', FORCE_QUOTE (a));
COPY t FROM STDIN (FORMAT csv, HEADER, FORCE_NOT_NULL (a), FORCE_NULL (b));
i,a,b
5,,""
\.
SELECT i, a IS NULL AS a_null, b IS NULL AS b_null FROM t ORDER BY i;
COPY t FROM STDIN (FORMAT csv);
6,"unterminated
7,x,y
\.
COPY t FROM STDIN (FORMAT csv);
8,a,b,too many
\.
COPY t FROM STDIN CSV HEADER DELIMITER AS '	';
i	a	b
9	old	syntax
\.
COPY t TO STDOUT WITH BINARY;
COPY (SELECT * FROM generate_series(1, 1000)) TO STDOUT (FORMAT binary) \g | md5sum
\copy (SELECT i::int8, i::text, i::numeric, now() - now(), ARRAY[i], i::float8 FROM generate_series(1, 5000) i) TO PROGRAM 'md5sum' (FORMAT binary)
CREATE TABLE b (i int, t text, n numeric, d date, x bytea, a int[]);
INSERT INTO b SELECT i, repeat('x', i % 50), i / 7.0, date '2024-01-01' + i, decode(md5(i::text), 'hex'), ARRAY[i, NULL]
  FROM generate_series(1, 2000) i;
\echo == binary round trip
CREATE TABLE b2 (LIKE b);
COPY b TO STDOUT (FORMAT binary) \g | cat > /tmp/compat-binary-copy
\copy b2 FROM '/tmp/compat-binary-copy' (FORMAT binary)
SELECT (SELECT md5(string_agg(b::text, ',' ORDER BY i)) FROM b) = (SELECT md5(string_agg(b2::text, ',' ORDER BY i)) FROM b2);
\copy b2 FROM PROGRAM 'head -c 1000 /tmp/compat-binary-copy' (FORMAT binary)
\copy b2 FROM PROGRAM 'echo not binary' (FORMAT binary)
\! rm /tmp/compat-binary-copy
SELECT count(*) FROM b2;
\echo == end
