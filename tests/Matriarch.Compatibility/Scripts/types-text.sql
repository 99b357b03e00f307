-- Characters: lengths, encodings, escapes, collations.
\pset null (null)
SELECT 'a'::char(5) || '|', 'abc'::varchar(2), 'abcdef'::char(3);
CREATE TABLE t (a char(3), b varchar(3), c text, d "char", e name);
INSERT INTO t VALUES ('abcd', 'x', 'y', 'z', 'n');
INSERT INTO t VALUES ('abc ', 'abcd', 'y', 'z', 'n');
INSERT INTO t VALUES ('abc   ', 'xyz   ', '', '', repeat('n', 100));
SELECT *, length(a), octet_length(a), length(e::text) FROM t;
SELECT 'Grüße', '日本語', '🐘', U&'\0441\043B\043E\043D', U&'d!0061t!+000061' UESCAPE '!';
SELECT length('🐘🐘'), octet_length('🐘🐘'), char_length('日本語'), bit_length('é');
SELECT E'tab\tnewline\nbackslash\\quote\'', E'\x41\102\u0043\U00000044';
SELECT 'it''s', $$dollar 'quoted'$$, $a$nested $$ inside$a$;
SELECT E'\xff';
SELECT convert_from('\xff'::bytea, 'UTF8');
SELECT chr(0);
SELECT E'a\000b';
SELECT convert_to('é', 'LATIN1'), convert_from('\xe9', 'LATIN1'), encode('é', 'hex');
SELECT upper('straße'), lower('ÀÉ'), initcap('hello world'), reverse('abc🐘'), ascii('é'), chr(233);
SELECT 'a' < 'B' COLLATE "C", 'a' < 'B' COLLATE "POSIX";
SELECT 'a' COLLATE "nowhere";
SELECT lpad('x', 5, 'ab'), rpad('x', 5, 'ab'), btrim('xxabcxx', 'x'), ltrim('  a'), split_part('a,b,c', ',', -1);
SELECT position('c' in 'abc'), substring('abcdef' from 2 for 3), overlay('abcdef' placing 'XX' from 2 for 3);
SELECT regexp_replace('foobarbaz', 'b..', 'X', 'g'), regexp_match('foobarbequebaz', '(bar)(beque)'),
       regexp_split_to_array('a  b c', '\s+');
SELECT 'abc' ~ '(';
SELECT 'abc' LIKE 'a%', 'abc' ILIKE 'A_C', 'a%c' LIKE 'a\%c', 'abc' SIMILAR TO '(a|b)%';
SELECT 'x' LIKE 'x\';
SELECT format('%s %I %L %%', 'a', 'b c', 'd''e'), format('%2$s %1$s', 'a', 'b'), format('%s', NULL);
SELECT format('%d', 1);
SELECT quote_ident('A b'), quote_literal(E'a\\b'), quote_nullable(NULL);
SELECT md5('a'), sha256('a'), encode(sha512('a'), 'base64');
SELECT string_agg(x, ',' ORDER BY x DESC) FROM (VALUES ('a'), ('c'), ('b')) v(x);
SELECT * FROM unnest(string_to_array('a,,b', ',')) WITH ORDINALITY;
SET client_encoding = 'LATIN1';
SHOW client_encoding;
SELECT convert_to('é', 'LATIN1') IS NOT NULL;
SELECT chr(233) = chr(233);
SELECT chr(8364);
RESET client_encoding;
SHOW client_encoding;
SET client_encoding = 'nonsense';
SELECT chr(8364);
\encoding
\encoding SQL_ASCII
SELECT 'plain';
\encoding UTF8
SELECT 'é';
\echo == end
