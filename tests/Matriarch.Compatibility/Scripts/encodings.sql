-- The client's encoding changes within a session: what comes, what goes, what cannot be said in it.
\set VERBOSITY verbose
CREATE TABLE t (v text);
INSERT INTO t VALUES ('ä'), ('€'), ('日本'), ('🐘'), ('plain');
SET client_encoding = 'LATIN1';
SELECT v FROM t WHERE v = chr(228) OR v = 'plain' ORDER BY v COLLATE "C" \g | od -An -tx1
SELECT v FROM t WHERE v = chr(8364);
SET client_encoding = 'WIN1252';
SELECT v FROM t WHERE v IN (chr(228), chr(8364)) ORDER BY v COLLATE "C" \g | od -An -tx1
SET client_encoding = 'EUC_JP';
SELECT v FROM t WHERE length(v) = 2 \g | od -An -tx1
SET client_encoding = 'SJIS';
SELECT v FROM t WHERE length(v) = 2 \g | od -An -tx1
SELECT v FROM t WHERE v = chr(128024);
COPY t TO STDOUT;
SELECT 'in step';
BEGIN;
SET LOCAL client_encoding = 'LATIN2';
SHOW client_encoding;
ROLLBACK;
SHOW client_encoding;
SET client_encoding = 'SQL_ASCII';
SELECT v FROM t WHERE length(v) = 2 \g | od -An -tx1
SET client_encoding = 'MULE_INTERNAL';
SELECT v FROM t WHERE v = 'plain';
SET client_encoding = 'UTF-8';
SHOW client_encoding;
DO $$ BEGIN RAISE NOTICE 'ä € 日本 🐘'; END $$;
SET client_encoding = 'LATIN1';
DO $$ BEGIN RAISE NOTICE '%', chr(8364); END $$;
DO $$ BEGIN RAISE EXCEPTION '%', chr(8364); END $$;
RESET client_encoding;
SELECT v FROM t ORDER BY v COLLATE "C";
\echo == end
