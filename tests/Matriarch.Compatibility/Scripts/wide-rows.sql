-- Thousands of columns, parameters, rows of nothing.
SELECT 'SELECT ' || string_agg(i || ' AS column_' || i, ', ') AS wide FROM generate_series(1, 1664) i \gset
\unset ECHO
\set ECHO none
:wide \g | md5sum
\set ECHO all
SELECT 'SELECT ' || string_agg(i::text, ', ') AS wide FROM generate_series(1, 1665) i \gset
\set ECHO none
:wide;
SELECT format('CREATE TABLE wide (%s)', string_agg('c' || i || ' int', ', ')) FROM generate_series(1, 1600) i \gexec
SELECT format('CREATE TABLE wider (%s)', string_agg('c' || i || ' int', ', ')) FROM generate_series(1, 1601) i \gexec
SELECT format('INSERT INTO wide VALUES (%s)', string_agg(i::text, ', ')) FROM generate_series(1, 1600) i \gexec
\set ECHO all
SELECT * FROM wide \g | md5sum
SELECT * FROM wide \gx | md5sum
SELECT count(*) FROM pg_attribute WHERE attrelid = 'wide'::regclass AND attnum > 0;
\gdesc
COPY wide TO STDOUT \g | md5sum
SELECT FROM generate_series(1, 3);
SELECT;
CREATE TABLE none ();
INSERT INTO none DEFAULT VALUES;
SELECT * FROM none;
COPY none TO STDOUT;
COPY none FROM STDIN;


\.
SELECT count(*) FROM none;
SELECT format('PREPARE many (%s) AS SELECT %s', string_agg('int', ','), string_agg('$' || i, '+'))
  FROM generate_series(1, 2000) i \gset p_
\set ECHO none
SELECT format('PREPARE many (%s) AS SELECT %s', string_agg('int', ','), string_agg('$' || i, '+'))
  FROM generate_series(1, 2000) i \gexec
SELECT format('EXECUTE many (%s)', string_agg(i::text, ',')) FROM generate_series(1, 2000) i \gexec
SELECT format('SELECT %s', string_agg('length(''' || i || ''')', '+')) FROM generate_series(1, 1500) i \gexec
SELECT format('SELECT count(*) FROM generate_series(1, 5000) i WHERE i IN (%s)', string_agg(i::text, ','))
  FROM generate_series(1, 5000) i \gexec
SELECT 'SELECT ' || string_agg('(', '') || '1' || string_agg(')', '') FROM generate_series(1, 20000) \gexec
\set ECHO all
\echo == end
