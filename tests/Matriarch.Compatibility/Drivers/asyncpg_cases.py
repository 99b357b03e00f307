"""The cases of asyncpg (binary, always prepared). Each prints a section; an exception is printed, not raised."""
import asyncio

import asyncpg


def failure(error):
    print("error", type(error).__name__, getattr(error, "sqlstate", None), error,
          "|", getattr(error, "detail", None), "|", getattr(error, "position", None))


async def connect(**more):
    return await asyncpg.connect(ssl=False, **more)


CASES = []


def case(function):
    CASES.append(function)
    return function


@case
async def queries(c):
    print(await c.fetchval("SELECT $1::int + 1", 41), await c.fetchrow("SELECT 1 AS a, 'x' AS b"))
    print(await c.execute("CREATE TABLE q (i int); INSERT INTO q VALUES (1), (2)"))
    print(await c.execute("INSERT INTO q VALUES ($1)", 3), await c.fetch("SELECT * FROM q ORDER BY i"))
    print(await c.fetch("SELECT 1 WHERE false"), await c.fetchval("SELECT $1::text[]", ["a", None]))


@case
async def types(c):
    print(await c.fetchrow(
        "SELECT 1::int2, 2::int8, 1.5::float4, 2.25::float8, 1.10::numeric, true, 'c'::\"char\", '\\x00ff'::bytea,"
        " '2024-02-29'::date, '12:00:01.5'::time, '2024-01-01 00:00Z'::timestamptz, '1 mon 2 days'::interval,"
        " '{\"a\": 1}'::jsonb, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '10.0.0.1'::inet, int4range(1, 5),"
        " ARRAY[[1,2],[3,4]], ROW(1, 'x'), '(1,2)'::point, B'101', NULL"))


@case
async def prepared(c):
    await c.execute("CREATE TABLE p (i int, t text); INSERT INTO p SELECT i, 'r' || i FROM generate_series(1, 9) i")
    statement = await c.prepare("SELECT t FROM p WHERE i = $1")
    print([await statement.fetchval(i) for i in (1, 2, 3)], statement.get_parameters(), statement.get_attributes())
    print(statement.get_statusmsg())
    await c.execute("ALTER TABLE p ALTER COLUMN t TYPE varchar(9)")
    try:
        print(await statement.fetchval(4))
    except asyncpg.PostgresError as error:
        failure(error)
    again = await c.prepare("SELECT * FROM p WHERE i = $1")
    await c.execute("ALTER TABLE p ADD COLUMN more int")
    try:
        print(await again.fetchrow(5))
    except asyncpg.PostgresError as error:
        failure(error)
    print(await c.fetchrow("SELECT * FROM p WHERE i = $1", 5))
    await c.execute("ALTER TABLE p DROP COLUMN more")
    print(await c.fetchrow("SELECT * FROM p WHERE i = $1", 5))
    for i in range(150):
        await c.fetchval(f"SELECT {i} + $1", i)
    print(await c.fetchval("SELECT count(*) FROM pg_prepared_statements"))
    await c.execute("DEALLOCATE ALL")
    try:
        print(await c.fetchval("SELECT 149 + $1", 1))
    except asyncpg.PostgresError as error:
        failure(error)
    await c.reload_schema_state()


@case
async def cursors(c):
    async with c.transaction():
        total = 0
        async for row in c.cursor("SELECT i FROM generate_series(1, 5000) i", prefetch=300):
            total += row[0]
        print(total)
        cursor = await c.cursor("SELECT i FROM generate_series(1, 10) i")
        print(await cursor.fetch(3), await cursor.forward(2), await cursor.fetchrow(), await cursor.fetch(100))


@case
async def copying(c):
    await c.execute("CREATE TABLE cp (i int, t text)")
    print(await c.copy_records_to_table("cp", records=[(i, f"row {i}") for i in range(20000)]))
    blocks = []

    async def keep(data):
        blocks.append(data)

    print(await c.copy_from_query("SELECT * FROM cp ORDER BY i LIMIT $1", 3, output=keep, format="csv"), blocks)
    blocks.clear()
    print(await c.copy_from_table("cp", output=keep, format="binary"), sum(map(len, blocks)))

    async def source():
        yield b"1\tx\n"
        yield b"wrong\ty\n"

    try:
        await c.copy_to_table("cp", source=source())
    except asyncpg.PostgresError as error:
        failure(error)

    async def breaks():
        yield b"1\tx\n"
        raise ValueError("the client gives up")

    try:
        await c.copy_to_table("cp", source=breaks())
    except ValueError as error:
        print(error)
    print(await c.fetchval("SELECT count(*) FROM cp"))


@case
async def many(c):
    await c.execute("CREATE TABLE m (i int PRIMARY KEY, t text)")
    await c.executemany("INSERT INTO m VALUES ($1, $2)", [(i, str(i)) for i in range(3000)])
    print(await c.fetchval("SELECT count(*) FROM m"))
    try:
        await c.executemany("INSERT INTO m VALUES ($1, $2)", [(5000, "a"), (1, "b"), (5001, "c")])
    except asyncpg.PostgresError as error:
        failure(error)
    print(await c.fetchval("SELECT count(*) FROM m"))


@case
async def transactions(c):
    await c.execute("CREATE TABLE t (i int)")
    for level in ("read_committed", "repeatable_read", "serializable"):
        async with c.transaction(isolation=level, readonly=level == "serializable", deferrable=level == "serializable"):
            print(await c.fetchrow("SELECT current_setting('transaction_isolation'), "
                                   "current_setting('transaction_read_only')"))
    try:
        async with c.transaction():
            await c.execute("INSERT INTO t VALUES (1)")
            try:
                async with c.transaction():
                    await c.execute("INSERT INTO t VALUES (2)")
                    await c.execute("SELECT 1/0")
            except asyncpg.PostgresError as error:
                failure(error)
            await c.execute("INSERT INTO t VALUES (3)")
            await c.fetch("SELECT nothing")
    except asyncpg.PostgresError as error:
        failure(error)
    print(await c.fetch("SELECT * FROM t"), c.is_in_transaction())


@case
async def cancel(c):
    for timeout in (0.2, 0.3):
        try:
            await c.fetch("SELECT pg_sleep(30)", timeout=timeout)
        except asyncio.TimeoutError as error:
            print(type(error).__name__)
    print(await c.fetchval("SELECT 'after'"))
    task = asyncio.ensure_future(c.fetch("SELECT pg_sleep(30)"))
    await asyncio.sleep(0.2)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
    print(await c.fetchval("SELECT 'after'"))
    await c.execute("SET statement_timeout = '100ms'")
    try:
        await c.fetch("SELECT pg_sleep(30)")
    except asyncpg.PostgresError as error:
        failure(error)


@case
async def listen(c):
    heard = asyncio.Queue()
    await c.add_listener("chan", lambda _, pid, channel, payload: heard.put_nowait((channel, payload)))
    other = await connect()
    await other.execute("NOTIFY chan, 'one'")
    await other.execute("SELECT pg_notify('chan', $1)", "two")
    await c.execute("NOTIFY chan, 'own'")
    print([await asyncio.wait_for(heard.get(), 10) for _ in range(3)])
    await other.close()


@case
async def errors(c):
    for text, arguments in (("SELEC 1", ()), ("SELECT nothing", ()), ("SELECT 1 / $1::int", (0,)), ("SELECT $1::int", ("x",)),
                            ("SELECT * FROM nowhere", ()), ("SELECT $2::int", (1, 2)), ("", ()), ("SELECT 1; SELECT $1::int", (1,))):
        try:
            print(await c.fetch(text, *arguments))
        except (asyncpg.PostgresError, asyncpg.DataError, asyncpg.InterfaceError) as error:
            failure(error)
    try:
        await c.execute("SELECT 1; SELECT 1/0; SELECT 2")
    except asyncpg.PostgresError as error:
        failure(error)
    print(c.is_in_transaction())


@case
async def settings_and_messages(c):
    messages = []
    c.add_log_listener(lambda _, message: messages.append((message.severity, message.message)))
    await c.execute("DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two'; END $$")
    await asyncio.sleep(0.05)
    print(messages, c.get_settings().TimeZone, c.get_server_version().major)
    await c.execute("SET TIME ZONE 'Asia/Tokyo'; SET application_name = 'renamed'")
    print(c.get_settings().TimeZone, c.get_settings().application_name)
    await c.reset()
    print(c.get_settings().TimeZone, c.get_settings().application_name)
    other = await connect(server_settings={"work_mem": "11MB", "search_path": "pg_catalog", "my.custom": "x"})
    print(await other.fetchrow("SELECT current_setting('work_mem'), current_setting('search_path'), "
                               "current_setting('my.custom')"))
    await other.reset()
    print(await other.fetchval("SELECT current_setting('work_mem')"))
    await other.close()


@case
async def pool(c):
    async with asyncpg.create_pool(min_size=2, max_size=5, ssl=False) as p:
        print(sum(await asyncio.gather(*(p.fetchval("SELECT $1::int", i) for i in range(100)))))
        async with p.acquire() as k:
            await k.execute("SET work_mem = '12MB'; CREATE TEMP TABLE t (i int)")
        async with p.acquire() as k:
            print(await k.fetchval("SHOW work_mem"))


@case
async def large(c):
    print(len(await c.fetchval("SELECT repeat('x', 10000000)")), await c.fetchval("SELECT length($1)", "y" * 5000000))
    print(len(await c.fetch("SELECT i, md5(i::text) FROM generate_series(1, 50000) i")))
    print(await c.fetchval("SELECT sum(x) FROM unnest($1::int8[]) x", list(range(100000))))


@case
async def login(c):
    await c.execute("CREATE ROLE compat_asyncpg LOGIN PASSWORD 'pässwörd'")
    other = await connect(user="compat_asyncpg", password="pässwörd")
    print(await other.fetchval("SELECT current_user"))
    await other.close()
    for more in ({"user": "compat_asyncpg", "password": "wrong"}, {"database": "nowhere"}):
        try:
            await connect(**more)
        except asyncpg.PostgresError as error:
            failure(error)


@case
async def terminated(c):
    other = await connect()
    print(await other.fetchval("SELECT pg_terminate_backend($1, 5000)", c.get_server_pid()))
    try:
        await c.fetch("SELECT 1")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        print(type(error).__name__)
    await other.close()


async def main():
    for test in CASES:
        print("==", test.__name__)
        try:
            connection = await connect()
            try:
                await test(connection)
            finally:
                connection.terminate()
        except Exception as error:
            print("failed:", type(error).__name__, str(error).strip())
    print("== end")


asyncio.run(main())
