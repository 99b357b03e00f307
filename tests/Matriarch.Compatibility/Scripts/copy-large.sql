-- COPY of much: many rows, long rows, both directions at the pace of the slower side.
CREATE TABLE t (i int, a text);
\copy t FROM PROGRAM 'seq 1 300000 | sed "s/.*/&\t&-&/"'
SELECT count(*), sum(i), md5(string_agg(a, '' ORDER BY i)) FROM t;
\copy (SELECT * FROM t ORDER BY i) TO PROGRAM 'md5sum'
\copy (SELECT * FROM t ORDER BY i) TO PROGRAM 'head -n 1'
SELECT 'after a reader that stopped early';
\copy (SELECT i, a FROM t ORDER BY i LIMIT 20000) TO PROGRAM '(sleep 0.3; md5sum)'
TRUNCATE t;
\copy t FROM PROGRAM 'seq 1 50000 | sed "s/.*/&\tx/"; echo wrong; seq 1 200000 | sed "s/.*/&\tx/"'
SELECT count(*) FROM t;
\copy t FROM PROGRAM 'echo wrong; sleep 0.3; seq 1 100000 | sed "s/.*/&\tx/"'
SELECT count(*) FROM t;
\copy t FROM PROGRAM 'head -c 20000000 /dev/zero | tr "\\0" "1"'
SELECT count(*) FROM t;
\copy t (a) FROM PROGRAM 'head -c 20000000 /dev/zero | tr "\\0" "a"; echo'
SELECT count(*), max(length(a)) FROM t;
\copy (SELECT a FROM t) TO PROGRAM 'wc -c'
\echo == end
