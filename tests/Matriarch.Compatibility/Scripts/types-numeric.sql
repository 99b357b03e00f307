-- Numbers: limits, rounding, text in and out.
\pset null (null)
SELECT '-32768'::int2, 32767::int2, '-2147483648'::int4, 2147483647::int4, '-9223372036854775808'::int8,
       9223372036854775807::int8;
SELECT 32768::int2;
SELECT 2147483647 + 1;
SELECT 9223372036854775807 + 1;
SELECT '99999999999999999999'::int8;
SELECT ' 12 '::int4, '0012'::int4, '-0'::int4;
SELECT '1_000'::int4;
SELECT ''::int4;
SELECT 0.1::float4, 0.1::float8, 1e38::float4, 1e308::float8, '1e-45'::float4, '5e-324'::float8;
SELECT 'NaN'::float8, 'Infinity'::float8, '-Infinity'::float4, '-0'::float8;
SELECT 1e39::float4;
SELECT '1e400'::float8;
SET extra_float_digits = -3;
SELECT 0.1::float4 * 3, 0.1::float8 * 3, pi();
SET extra_float_digits = 3;
SELECT 0.1::float4 * 3, 0.1::float8 * 3, pi();
RESET extra_float_digits;
SELECT 0.1::float8 * 3, 100000000000000000000::float8, 1e15::float8, 1e16::float8, 1e-5::float8;
SELECT 1.10::numeric, 1e20::numeric, 'NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric,
       12345678901234567890.123456789012345678901234567890::numeric;
SELECT 1.5::numeric(3,1), 99.95::numeric(3,1);
SELECT 1234.567::numeric(10,-2), 0.000123::numeric(3,5);
SELECT 1/0;
SELECT 1::float8/0;
SELECT 1.0/0;
SELECT 10 % 3, -10 % 3, 10.5 % 3, 2 ^ 10, |/ 2, ||/ 27, @ -3, 5 & 3, 5 | 3, 5 # 3, ~5, 1 << 4, 256 >> 2;
SELECT round(2.5), round(-2.5), round(2.5::float8), trunc(2.567, 2), ceil(-1.5), floor(-1.5);
SELECT (2::numeric ^ 1000)::text;
SELECT repeat('9', 130000)::numeric + 1 = ('1' || repeat('0', 130000))::numeric;
SELECT repeat('9', 140000)::numeric;
SELECT sum(i), avg(i), stddev(i), var_pop(i) FROM generate_series(1, 100) i;
SELECT sum(x) FROM (VALUES (0.1::float8), (0.2), (0.3)) v(x);
SELECT 12.34::money, '-$1,234.50'::money, 5::money / 2;
SELECT oid, typname FROM pg_type WHERE oid IN (20, 21, 23, 700, 701, 1700) ORDER BY oid;
SELECT to_char(1234567.891, 'FM9,999,999.00'), to_char(-5, 'S00'), to_char(0.5, '0.99'), to_char(485, 'RN');
SELECT to_number('12,454.8-', '99G999D9S');
SELECT width_bucket(5.35, 0.024, 10.06, 5), gcd(12, 18), lcm(4, 6), factorial(20), div(7, 2), mod(7, 2);
SELECT min_scale(8.4100), scale(8.4100), trim_scale(8.4100);
\echo == end
