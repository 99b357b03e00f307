-- Arrays, records, JSON, ranges, enums, domains, bytea, uuid, network, geometry, bits, XML, full text.
\pset null (null)
SELECT ARRAY[1,2,3], '{{1,2},{3,4}}'::int[][], '[2:3]={a,NULL}'::text[], '{}'::int[], ARRAY['a"b', 'c,d', '', 'NULL'];
SELECT '{1,2'::int[];
SELECT ARRAY[[1,2],[3]];
SELECT (ARRAY[1,2,3])[2], (ARRAY[1,2,3])[2:], array_length(ARRAY[1,2], 1), cardinality('{{1},{2}}'::int[]),
       array_append(ARRAY[1], 2), ARRAY[1,2] || 3, ARRAY[1,2] @> ARRAY[2], unnest(ARRAY['a','b']);
SELECT ROW(1, 'a,b', NULL, ''), (ROW(1, 2)).f2;
CREATE TYPE pair AS (a int, b text);
SELECT '(1,"x y")'::pair, ('(1,"x y")'::pair).b, ROW(1, 'z')::pair = '(1,z)'::pair;
SELECT '(1)'::pair;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
SELECT 'ok'::mood, 'ok'::mood < 'happy'::mood, enum_range(NULL::mood), enum_first(NULL::mood);
SELECT 'angry'::mood;
ALTER TYPE mood ADD VALUE 'angry' BEFORE 'sad';
SELECT 'angry'::mood < 'sad'::mood;
CREATE DOMAIN positive AS int CHECK (VALUE > 0) NOT NULL;
SELECT 5::positive;
SELECT (-5)::positive;
SELECT NULL::positive;
SELECT '{"a": [1, 2.50, "x\u00e9", null, true], "a": 2}'::json, '{"b": 1, "a": [1, 2.50, "x\u00e9", null], "a": 2}'::jsonb;
SELECT '{"a":}'::json;
SELECT '{"a": 1}'::jsonb -> 'a', '{"a": {"b": 2}}'::jsonb #>> '{a,b}', '[1,2]'::jsonb @> '1', '{"a":1}'::jsonb ? 'a';
SELECT jsonb_path_query('{"a":[1,2,3]}', '$.a[*] ? (@ > 1)'), jsonb_pretty('{"a":{"b":1}}');
SELECT '\u0000'::json::text, '"\u0000"'::jsonb;
SELECT row_to_json(x) FROM (SELECT 1 AS a, 'b' AS b, NULL AS c) x;
SELECT * FROM json_to_recordset('[{"a":1,"b":"x"},{"a":2}]') AS r(a int, b text);
SELECT json_agg(i), jsonb_object_agg(i, i * i) FROM generate_series(1, 3) i;
SELECT '[1,5)'::int4range, '(1,5]'::int4range, 'empty'::int4range, '[,2024-01-01)'::daterange,
       '[1.5,2.5]'::numrange * '[2,3]'::numrange, '{[1,3),[5,7)}'::int4multirange;
SELECT '[5,1)'::int4range;
SELECT int4range(1, 10) @> 5, int4range(1, 3) -|- int4range(3, 5), range_merge('[1,2)', '[5,6)'::int4range);
SELECT '\xdeadbeef'::bytea, 'a\\b\001'::bytea, decode('aGk=', 'base64'), encode('\x00ff', 'escape');
SET bytea_output = 'escape';
SELECT '\xdeadbeef00'::bytea;
RESET bytea_output;
SELECT '\xabc'::bytea;
SELECT 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid, 'x'::uuid;
SELECT 'a0eebc999c0b4ef8bb6d6bb9bd380a11'::uuid;
SELECT '192.168.1.5/24'::inet, '192.168.1.0/24'::cidr, '::1'::inet, '08:00:2b:01:02:03'::macaddr,
       '192.168.1.5'::inet << '192.168.1.0/24'::inet, host('10.0.0.1/8'::inet);
SELECT '192.168.1.5/24'::cidr;
SELECT '(1,2)'::point, '[(0,0),(1,1)]'::lseg, '(1,1),(0,0)'::box, '<(0,0),2>'::circle, '{1,2,3}'::line,
       '((0,0),(1,1),(1,0))'::polygon, point(0,0) <-> point(3,4);
SELECT B'1010', X'1F', '101'::bit(5), B'1010' & B'0110', '1010'::varbit;
SELECT '102'::bit(3);
SELECT '<a><b>1</b></a>'::xml, xpath('/a/b/text()', '<a><b>1</b></a>'::xml);
SELECT '<a>'::xml;
SELECT to_tsvector('english', 'The quick brown foxes'), to_tsquery('fox & brown'), 'a:1 b:2'::tsvector @@ 'a & !c'::tsquery;
SELECT to_tsquery('a &');
SELECT 'pg_class'::regclass, 'int4'::regtype, 'now()'::regprocedure, 1259::regclass, 'nowhere'::regclass;
SELECT 'pg_catalog.pg_class'::regclass, to_regclass('nowhere');
SELECT '16/B374D848'::pg_lsn - '16/B374D800'::pg_lsn, '10:20:10,14'::pg_snapshot, '0/0'::tid;
SELECT true, 'f'::bool, 'yes'::bool, 'maybe'::bool;
SELECT NULL::void, NULL;
SELECT pg_typeof(NULL), pg_typeof('x'), pg_typeof(1.5), pg_typeof(ARRAY[1]), pg_typeof(ROW(1));
\echo == end
