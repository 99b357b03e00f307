-- Nothing at all, in all the ways in which one can say nothing.
;
;;
\g
 ;
-- ;
/* ; */
/* ; */ ;
\;
\; \;
SELECT;
VALUES (NULL);
SELECT '';
SELECT '' WHERE false;
DO '';
DO $$$$;
DO LANGUAGE plpgsql $$BEGIN END$$;
COPY (SELECT WHERE false) TO STDOUT;
COPY (SELECT) TO STDOUT;
CREATE FUNCTION nothing() RETURNS void LANGUAGE sql AS '';
SELECT nothing();
PREPARE nothing AS SELECT;
EXECUTE nothing;
BEGIN; COMMIT;
BEGIN\; \; COMMIT;
NOTIFY x, '';
SELECT ''::bytea, ''::text[], ''::tsvector, '{}'::jsonb;
SELECT ''::json;
\echo == end
