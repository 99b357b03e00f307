-- \watch runs until an error.
CREATE SEQUENCE ticks;
\pset format unaligned
\t
SELECT 10 / (3 - nextval('ticks')) \watch 0.05
\t
SELECT last_value FROM ticks;
SELECT 'after';
\echo == end
