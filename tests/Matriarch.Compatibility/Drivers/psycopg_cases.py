"""The cases of psycopg 3. Each prints a section; an exception is printed, not raised."""
import os
import threading
import time

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

PASSWORD = os.environ["PGPASSWORD"]


def connect(**more):
    return psycopg.connect(autocommit=True, **more)


def failure(error):
    diag = error.diag
    print("error", type(error).__name__, diag.sqlstate, diag.severity_nonlocalized, diag.message_primary,
          "|", diag.message_detail, "|", diag.message_hint, "|", diag.statement_position, diag.constraint_name)


CASES = []


def case(function):
    CASES.append(function)
    return function


@case
def simple(c):
    cursor = psycopg.ClientCursor(c)
    print(cursor.execute("SELECT 1, 'a', NULL, 1.5::numeric").fetchall())
    print(c.pgconn.exec_(b"SELECT 1; SELECT 'two'").get_value(0, 0))
    print(c.info.transaction_status, c.info.server_version // 10000)


@case
def extended_parameters(c):
    print(c.execute("SELECT %s::int, %s::text, %s::jsonb", (1, "x", '{"a": 1}')).fetchone())
    print(c.execute("SELECT %(a)s || %(b)s", {"a": "1", "b": "2"}).fetchone())
    print(c.execute("SELECT %s::bytea, %s::timestamptz", (b"\x00\xff", "2024-01-01 00:00Z")).fetchone())


@case
def binary(c):
    cursor = c.cursor(binary=True)
    cursor.execute("SELECT 1::int2, 2::int4, 3::int8, 1.5::float8, 1.25::numeric, true, 'x'::text, '\\x00ff'::bytea,"
                   " '2024-02-29'::date, '12:00'::time, '1 day'::interval, ARRAY[1, NULL, 3], '{\"a\":1}'::jsonb,"
                   " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid")
    print(cursor.fetchone())
    print(cursor.execute("SELECT %b::int4, %b::float8", (7, 2.5)).fetchone())


@case
def prepared(c):
    c.execute("CREATE TABLE p (i int, t text)")
    c.execute("INSERT INTO p SELECT i, 'row ' || i FROM generate_series(1, 5) i")
    for i in range(1, 9):
        print(c.execute("SELECT t FROM p WHERE i = %s", (i,), prepare=True).fetchone())
    print(c.execute("SELECT count(*) FROM pg_prepared_statements").fetchone())
    c.execute("ALTER TABLE p ALTER COLUMN t TYPE varchar(40)")
    for change in ("ADD COLUMN more int DEFAULT 9", "DROP COLUMN more"):
        for text in ("SELECT t FROM p WHERE i = %s", "SELECT * FROM p WHERE i = %s"):
            try:
                print(c.execute(text, (2,), prepare=True).fetchone())
            except psycopg.Error as error:
                failure(error)
        c.execute("ALTER TABLE p " + change)
    c.execute("DEALLOCATE ALL")
    print(c.execute("SELECT i FROM p WHERE i = %s", (3,), prepare=True).fetchone())


@case
def many_prepared(c):
    c.prepared_max = 20
    c.prepare_threshold = 0
    for i in range(60):
        c.execute(f"SELECT {i} + %s", (i,))
    print(c.execute("SELECT count(*) <= 21 FROM pg_prepared_statements").fetchone())
    print([c.execute(f"SELECT {i} + %s", (i,)).fetchone()[0] for i in range(0, 60, 7)])


@case
def pipeline(c):
    with c.pipeline():
        cursors = [c.execute("SELECT %s::int * 2", (i,)) for i in range(50)]
        print(sum(k.fetchone()[0] for k in cursors))
    c.execute("CREATE TABLE pipe (i int PRIMARY KEY)")
    try:
        with c.pipeline() as pipe:
            c.execute("INSERT INTO pipe VALUES (1)")
            c.execute("INSERT INTO pipe VALUES (1)")
            c.execute("INSERT INTO pipe VALUES (2)")
            pipe.sync()
            c.execute("INSERT INTO pipe VALUES (3)")
    except psycopg.Error as error:
        failure(error)
    print(c.execute("SELECT i FROM pipe ORDER BY i").fetchall())
    with c.pipeline() as pipe, c.transaction():
        for i in range(10, 200):
            c.execute("INSERT INTO pipe VALUES (%s)", (i,))
    print(c.execute("SELECT count(*), sum(i) FROM pipe").fetchone())
    try:
        with c.pipeline() as pipe:
            a = c.execute("SELECT 1")
            pipe.sync()
            b = c.execute("SELECT nothing")
            d = c.execute("SELECT 2")
            pipe.sync()
            e = c.execute("SELECT 3")
    except psycopg.Error as error:
        failure(error)
    print(a.fetchone(), c.info.transaction_status)


@case
def executemany(c):
    c.execute("CREATE TABLE em (i int, t text)")
    cursor = c.cursor()
    cursor.executemany("INSERT INTO em VALUES (%s, %s) RETURNING i", [(i, str(i)) for i in range(500)], returning=True)
    print(cursor.rowcount, cursor.fetchone(), cursor.nextset(), cursor.fetchone())
    print(c.execute("SELECT count(*), sum(i) FROM em").fetchone())


@case
def copying(c):
    c.execute("CREATE TABLE cp (i int, t text)")
    with c.cursor().copy("COPY cp FROM STDIN") as copy:
        for i in range(5000):
            copy.write_row((i, "text\t\n" + str(i)))
    with c.cursor().copy("COPY cp FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["int4", "text"])
        for i in range(1000):
            copy.write_row((i, None))
    print(c.execute("SELECT count(*), sum(i), count(t) FROM cp").fetchone())
    with c.cursor().copy("COPY (SELECT * FROM cp ORDER BY i, t LIMIT 3) TO STDOUT") as copy:
        print([bytes(block) for block in copy])
    with c.cursor().copy("COPY (SELECT i FROM cp ORDER BY i) TO STDOUT (FORMAT binary)") as copy:
        print(sum(len(block) for block in copy))
    for broken in ("1\tx\nwrong\ty\n", "1\n"):
        try:
            with c.cursor().copy("COPY cp FROM STDIN") as copy:
                copy.write(broken)
        except psycopg.Error as error:
            failure(error)
    try:
        with c.cursor().copy("COPY cp FROM STDIN") as copy:
            copy.write("1\tx\n")
            raise ValueError("the client gives up")
    except psycopg.Error as error:
        failure(error)
    print(c.info.transaction_status, c.execute("SELECT count(*) FROM cp").fetchone())


@case
def cancel(c):
    threading.Timer(0.3, c.cancel).start()
    try:
        c.execute("SELECT pg_sleep(30)")
    except psycopg.Error as error:
        failure(error)
    print(c.execute("SELECT 'after'").fetchone())
    c.cancel()
    time.sleep(0.2)
    print(c.execute("SELECT 'a cancel of nothing'").fetchone())
    threading.Timer(0.3, c.cancel).start()
    try:
        with c.transaction():
            c.execute("SELECT 1")
            c.execute("SELECT pg_sleep(30)")
    except psycopg.Error as error:
        failure(error)
    print(c.info.transaction_status)


@case
def timeouts(c):
    c.execute("SET statement_timeout = '100ms'")
    try:
        c.execute("SELECT pg_sleep(30)")
    except psycopg.Error as error:
        failure(error)
    print(c.execute("SELECT 'after'").fetchone())


@case
def listen(c):
    c.execute("LISTEN chan")
    with connect() as other:
        other.execute("NOTIFY chan, 'hello'")
        other.execute("SELECT pg_notify('chan', i::text) FROM generate_series(1, 3) i")
    print([(n.channel, n.payload) for n in _first(c.notifies(), 4)])
    c.add_notify_handler(lambda n: print("own", n.channel, n.payload, n.pid == c.info.backend_pid))
    c.execute("NOTIFY chan, 'own'")


def _first(generator, n):
    found = []
    for item in generator:
        found.append(item)
        if len(found) == n:
            generator.close()
    return found


@case
def server_cursor(c):
    with c.transaction():
        with c.cursor(name="big") as cursor:
            cursor.itersize = 1000
            cursor.execute("SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i")
            print(sum(row[0] for row in cursor))
        with c.cursor(name="scrolls", scrollable=True) as cursor:
            cursor.execute("SELECT i FROM generate_series(1, 10) i")
            cursor.scroll(5)
            print(cursor.fetchmany(2))
            cursor.scroll(0, mode="absolute")
            print(cursor.fetchone())
    with c.cursor(name="held", withhold=True) as cursor:
        cursor.execute("SELECT i FROM generate_series(1, 10) i")
        print(cursor.fetchmany(3))


@case
def streaming(c):
    print(sum(row[0] for row in c.cursor().stream("SELECT i FROM generate_series(1, 3000) i")))
    try:
        for row in c.cursor().stream("SELECT 10 / (3 - i) FROM generate_series(1, 5) i"):
            print(row)
    except psycopg.Error as error:
        failure(error)


@case
def errors(c):
    c.execute("CREATE TABLE e (i int CONSTRAINT positive CHECK (i > 0), u int UNIQUE)")
    for text, arguments in (("SELEC 1", None), ("SELECT nothing", None), ("SELECT %s::int", ("x",)),
                            ("INSERT INTO e VALUES (%s)", (-1,)), ("SELECT 1 / %s::int", (0,)),
                            ("SELECT %s + %s", ("a", "b")), ("SELECT * FROM nowhere WHERE x = %s", (1,)),
                            ("SELECT $1", None), ("INSERT INTO e VALUES (1, 1), (1, %s)", (1,)), ("", None)):
        try:
            print(c.execute(text, arguments).statusmessage)
        except psycopg.Error as error:
            failure(error)
    print(c.info.transaction_status)


@case
def notices(c):
    c.add_notice_handler(lambda d: print("notice", d.severity, d.message_primary, d.message_hint))
    c.execute("DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two' USING HINT = 'h'; END $$")


@case
def isolation_levels(c):
    with connect() as other:
        other.execute("CREATE TABLE iso (i int)")
        c.autocommit = False
        for level in (psycopg.IsolationLevel.READ_COMMITTED, psycopg.IsolationLevel.REPEATABLE_READ,
                      psycopg.IsolationLevel.SERIALIZABLE):
            c.isolation_level = level
            print(c.execute("SHOW transaction_isolation").fetchone(), c.execute("SELECT count(*) FROM iso").fetchone())
            other.execute("INSERT INTO iso VALUES (1)")
            print(c.execute("SELECT count(*) FROM iso").fetchone())
            c.rollback()
        c.read_only = True
        try:
            c.execute("INSERT INTO iso VALUES (2)")
        except psycopg.Error as error:
            failure(error)
        c.rollback()


@case
def serialization_failure(c):
    c.execute("CREATE TABLE ser (i int)")
    c.execute("INSERT INTO ser VALUES (1)")
    with connect() as other:
        c.execute("BEGIN ISOLATION LEVEL SERIALIZABLE")
        other.execute("BEGIN ISOLATION LEVEL SERIALIZABLE")
        for k in (c, other):
            k.execute("SELECT sum(i) FROM ser")
        for k in (c, other):
            k.execute("INSERT INTO ser VALUES (2)")
        c.execute("COMMIT")
        try:
            other.execute("COMMIT")
        except psycopg.Error as error:
            failure(error)


@case
def savepoints(c):
    c.execute("CREATE TABLE sv (i int)")
    with c.transaction():
        c.execute("INSERT INTO sv VALUES (1)")
        try:
            with c.transaction():
                c.execute("INSERT INTO sv VALUES (2)")
                c.execute("SELECT 1/0")
        except psycopg.Error as error:
            failure(error)
        c.execute("INSERT INTO sv VALUES (3)")
    print(c.execute("SELECT i FROM sv ORDER BY i").fetchall())


@case
def two_phase(c):
    c.execute("CREATE TABLE tp (i int)")
    with psycopg.connect() as t:
        for i, end in enumerate((t.tpc_commit, t.tpc_rollback)):
            xid = t.xid(42, f"compat-psycopg-{i}", "branch")
            t.tpc_begin(xid)
            t.execute("INSERT INTO tp VALUES (%s)", (i,))
            t.tpc_prepare()
            print([str(x.gtrid) for x in c.tpc_recover() if x.database == c.info.dbname])
            end()
        print(c.execute("SELECT i FROM tp").fetchall())


@case
def large(c):
    text = "grüße 🐘 " * 200000
    print(c.execute("SELECT length(%s::text), md5(%s::text)", (text, text)).fetchone())
    print(len(c.execute("SELECT repeat('x', 5000000)").fetchone()[0]))
    data = bytes(range(256)) * 20000
    print(c.execute("SELECT %s::bytea", (data,)).fetchone()[0] == data)
    print(len(c.execute("SELECT i FROM generate_series(1, 100000) i").fetchall()))
    values = list(range(30000))
    print(c.execute("SELECT count(*) FROM unnest(%s::int[])", (values,)).fetchone())


@case
def session_state(c):
    c.execute("SET work_mem = '9MB'")
    c.execute("SET TIME ZONE 'Asia/Tokyo'")
    c.execute("CREATE TEMP TABLE st (i int)")
    print(c.execute("SHOW work_mem").fetchone(), c.info.parameter_status("TimeZone"))
    c.execute("SET client_encoding = 'LATIN1'")
    print(c.info.encoding, c.info.parameter_status("client_encoding"), c.execute("SELECT 'é'").fetchone())
    print(sorted((n, c.info.parameter_status(n)) for n in (
        "application_name", "DateStyle", "in_hot_standby", "integer_datetimes", "IntervalStyle", "is_superuser",
        "server_encoding", "server_version", "session_authorization", "standard_conforming_strings",
        "default_transaction_read_only")))
    c.execute("SET application_name = 'renamed'")
    print(c.info.parameter_status("application_name"))


@case
def scram_login(c):
    c.execute("CREATE ROLE compat_py LOGIN PASSWORD 'pässwörd with, = signs'")
    with connect(user="compat_py", password="pässwörd with, = signs") as other:
        print(other.execute("SELECT current_user").fetchone(), other.pgconn.used_password)
    try:
        connect(user="compat_py", password="wrong")
    except psycopg.Error as error:
        print(type(error).__name__, str(error))


@case
def reconnect(c):
    pid = c.info.backend_pid
    print(c.execute("SELECT pg_backend_pid()").fetchone()[0] == pid)
    with connect() as other:
        print(other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,)).fetchone())
    try:
        c.execute("SELECT 1")
    except psycopg.Error as error:
        print(type(error).__name__, str(error).splitlines()[0], c.closed, c.broken)
    with connect() as again:
        print(again.execute("SELECT 'again'").fetchone())


@case
def attributes(c):
    for attrs in ("any", "read-write", "primary", "prefer-standby", "standby", "read-only"):
        try:
            with connect(target_session_attrs=attrs) as other:
                print(attrs, other.execute("SELECT 1").fetchone())
        except psycopg.Error as error:
            print(attrs, type(error).__name__, str(error).strip())


@case
def rows_and_types(c):
    c.row_factory = dict_row
    print(c.execute("SELECT 1 AS a, ARRAY['x'] AS b, int4range(1, 5) AS r, '10.0.0.1'::inet AS i").fetchone())
    cursor = c.execute("SELECT 1 AS a, 'x'::varchar(7) AS b, 1.5::numeric(5,2) AS n")
    print([(d.name, d.type_code, d.display_size, d.precision, d.scale) for d in cursor.description])
    print(cursor.pgresult.command_tuples, cursor.statusmessage)
    c.execute(sql.SQL("CREATE TABLE {} (i int)").format(sql.Identifier("odd name")))
    print(psycopg.types.TypeInfo.fetch(c, "text").oid)


for test in CASES:
    print("==", test.__name__)
    try:
        with connect() as connection:
            test(connection)
    except Exception as error:
        print("failed:", type(error).__name__, str(error).strip())
print("== end")
