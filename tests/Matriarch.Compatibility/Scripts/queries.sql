-- The query language at large: joins, windows, CTEs, sets, grouping, sampling of planner nodes.
CREATE TABLE emp (id int PRIMARY KEY, boss int, dept text, pay numeric);
INSERT INTO emp VALUES (1, NULL, 'a', 100), (2, 1, 'a', 80), (3, 1, 'b', 70), (4, 2, 'b', 60), (5, 3, 'c', NULL);
WITH RECURSIVE up AS (SELECT id, boss, 1 AS level, ARRAY[id] AS path FROM emp WHERE boss IS NULL
  UNION ALL SELECT e.id, e.boss, level + 1, path || e.id FROM emp e JOIN up ON e.boss = up.id) SELECT * FROM up ORDER BY path;
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SEARCH DEPTH FIRST BY n SET o CYCLE n SET c USING p
  SELECT * FROM t;
SELECT dept, sum(pay), count(*) FILTER (WHERE pay > 70), grouping(dept) FROM emp GROUP BY ROLLUP (dept) ORDER BY 1;
SELECT dept, boss, count(*) FROM emp GROUP BY GROUPING SETS ((dept), (boss), ()) ORDER BY 1, 2;
SELECT id, pay, rank() OVER w, lag(pay) OVER w, sum(pay) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW),
  first_value(id) OVER (PARTITION BY dept ORDER BY id) FROM emp WINDOW w AS (ORDER BY pay DESC NULLS LAST) ORDER BY id;
SELECT e.id, b.id FROM emp e LEFT JOIN emp b ON e.boss = b.id ORDER BY 1;
SELECT e.id, b.id FROM emp e FULL JOIN emp b ON e.boss = b.id ORDER BY 1, 2;
SELECT * FROM emp NATURAL JOIN (VALUES (1, 'x')) v(id, x);
SELECT * FROM emp CROSS JOIN LATERAL (SELECT id * 10 AS ten) l ORDER BY id LIMIT 2;
SELECT dept FROM emp UNION SELECT 'z' EXCEPT SELECT 'a' ORDER BY 1;
SELECT DISTINCT ON (dept) dept, id FROM emp ORDER BY dept, id DESC;
SELECT id FROM emp ORDER BY pay DESC NULLS LAST OFFSET 1 FETCH FIRST 2 ROWS WITH TIES;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY pay), mode() WITHIN GROUP (ORDER BY dept) FROM emp;
SELECT CASE WHEN pay > 70 THEN 'much' WHEN pay IS NULL THEN 'none' ELSE 'little' END FROM emp ORDER BY id;
SELECT id FROM emp WHERE (dept, boss) IN (SELECT 'b', 1) OR EXISTS (SELECT 1 WHERE pay > 90) ORDER BY 1;
SELECT id FROM emp WHERE pay > ALL (SELECT pay FROM emp WHERE dept = 'b');
SELECT coalesce(pay, 0), nullif(id, 3), greatest(1, NULL, 3), least('b', 'a') FROM emp ORDER BY id;
SELECT * FROM emp FOR UPDATE SKIP LOCKED;
SELECT * FROM emp WHERE id = 1 FOR NO KEY UPDATE NOWAIT;
SELECT * FROM emp TABLESAMPLE BERNOULLI (100) ORDER BY id LIMIT 1;
SELECT * FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['a', 'b', 'c'])) AS r(a, b);
SELECT i, j FROM generate_series(1, 2) i, generate_series(i, 3) j;
SELECT generate_series(1, 3), generate_series(1, 2);
SELECT * FROM (VALUES (1), (2)) AS v(x) WHERE x > 1;
SET enable_hashjoin = off; SET enable_mergejoin = off;
SELECT count(*) FROM emp a, emp b WHERE a.id = b.boss;
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
CREATE TABLE big AS SELECT i, i % 7 AS g FROM generate_series(1, 50000) i;
ANALYZE big;
SELECT g, count(*), sum(i) FROM big GROUP BY g ORDER BY g;
SELECT count(*) FROM big WHERE 1 / (i - 60000) > 1;
SELECT count(*) FROM big WHERE 100 / (i - 40000) > 5;
CREATE TABLE part (k int, v text) PARTITION BY LIST (k);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
CREATE TABLE part_2 PARTITION OF part FOR VALUES IN (2);
INSERT INTO part VALUES (1, 'a'), (2, 'b');
INSERT INTO part VALUES (3, 'c');
UPDATE part SET k = 2 WHERE k = 1 RETURNING tableoid::regclass, *;
SELECT tableoid::regclass, * FROM part ORDER BY v;
ALTER TABLE part DETACH PARTITION part_1;
EXPLAIN (COSTS OFF) SELECT * FROM part WHERE k = 2;
\echo == end
