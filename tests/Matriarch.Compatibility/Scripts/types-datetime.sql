-- Dates and times: styles, zones, infinities, intervals.
SHOW datestyle;
SHOW timezone;
SELECT date '2024-02-29', time '23:59:59.999999', timetz '12:00+02', timestamp '2024-02-29 12:34:56.789',
       timestamptz '2024-02-29 12:34:56+02', interval '1 year 2 mons 3 days 04:05:06.789';
SELECT date '2023-02-29';
SELECT date 'infinity', timestamp '-infinity', date '4713-01-01 BC', date '5874897-12-31';
SELECT date '5874898-01-01';
SET datestyle = 'German, DMY';
SELECT date '29.02.2024', timestamptz '2024-02-29 12:34:56+00';
SET datestyle TO 'SQL, MDY';
SELECT date '02/29/2024', timestamptz '2024-02-29 12:34:56+00';
SET datestyle TO 'Postgres';
SELECT date '02/29/2024', timestamptz '2024-02-29 12:34:56+00', now() IS NOT NULL;
RESET datestyle;
SET timezone = 'America/New_York';
SELECT timestamptz '2024-03-10 06:59:59+00', timestamptz '2024-03-10 07:00:00+00';
SELECT timestamp '2024-07-01 12:00' AT TIME ZONE 'Asia/Tokyo';
SET TIME ZONE INTERVAL '-08:30' HOUR TO MINUTE;
SELECT timestamptz '2024-01-01 00:00:00+00';
SET TIME ZONE 'Nowhere/City';
SET TIME ZONE LOCAL;
SHOW timezone;
SET intervalstyle = iso_8601;
SELECT interval '1 year 2 mons 3 days 04:05:06.789', interval '-1 day';
SET intervalstyle = sql_standard;
SELECT interval '1 year 2 mons', interval '-1 day 2 hours';
SET intervalstyle = postgres_verbose;
SELECT interval '1 year 2 mons -3 days ago';
RESET intervalstyle;
SELECT extract(epoch FROM timestamptz '2024-01-01 00:00Z'), date_part('isodow', date '2024-01-07'),
       extract(week FROM date '2024-12-30'), extract(microseconds FROM time '00:00:01.5');
SELECT date_trunc('month', timestamp '2024-02-29 13:00'), date_bin('15 minutes', timestamp '2024-01-01 00:17', '2001-01-01');
SELECT age(timestamp '2024-03-31', timestamp '2023-02-28'), justify_interval('35 days 25 hours');
SELECT make_date(2024, 2, 29), make_interval(years => 1, days => 2), make_timestamptz(2024, 1, 1, 0, 0, 0, 'UTC');
SELECT make_date(2024, 2, 30);
SELECT to_char(timestamp '2024-02-29 13:04:05.678', 'YYYY-MM-DD HH24:MI:SS.US Day TMMonth IW Q J');
SELECT to_date('29 Feb 2024', 'DD Mon YYYY'), to_timestamp('2024-02-29 13', 'YYYY-MM-DD HH24');
SELECT to_date('2024-13-01', 'YYYY-MM-DD');
SELECT (date '2024-01-01', date '2024-01-31') OVERLAPS (date '2024-01-31', date '2024-02-28');
SELECT date '2024-01-31' + interval '1 month', timestamp '2024-01-01' - timestamp '2023-01-01', date '2024-03-01' - 1;
SELECT generate_series(timestamp '2024-01-30', '2024-03-30', '1 month');
SELECT now() = transaction_timestamp(), clock_timestamp() >= statement_timestamp();
BEGIN;
SELECT now() AS first \gset
SELECT now() = :'first' AS the_same_in_a_transaction;
COMMIT;
SELECT isfinite(timestamp 'infinity'), '24:00'::time, '00:00:60'::time, 'allballs'::time;
SELECT '25:00'::time;
\echo == end
