"""The cases of psycopg2 (simple protocol only). Each prints a section; an exception is printed, not raised."""
import io
import select
import threading

import psycopg2
import psycopg2.extensions
import psycopg2.extras


def connect(**more):
    connection = psycopg2.connect("", **more)
    connection.autocommit = True
    return connection


def failure(error):
    diag = error.diag
    print("error", type(error).__name__, error.pgcode, diag.severity, diag.message_primary, "|", diag.message_detail,
          "|", diag.statement_position, diag.constraint_name)


CASES = []


def case(function):
    CASES.append(function)
    return function


@case
def simple(c):
    k = c.cursor()
    k.execute("SELECT %s, %s, %s, %s", (1, "it's", None, [1, 2]))
    print(k.fetchall(), k.statusmessage, [d.type_code for d in k.description])
    k.execute("SELECT 1; SELECT 2")
    print(k.fetchall())
    print(c.server_version // 10000, c.encoding, c.get_transaction_status())


@case
def transactions(c):
    k = c.cursor()
    k.execute("CREATE TABLE t (i int PRIMARY KEY)")
    c.autocommit = False
    k.execute("INSERT INTO t VALUES (1)")
    print(c.get_transaction_status())
    c.commit()
    try:
        k.execute("INSERT INTO t VALUES (1)")
    except psycopg2.Error as error:
        failure(error)
    print(c.get_transaction_status())
    try:
        k.execute("SELECT 1")
    except psycopg2.Error as error:
        failure(error)
    c.rollback()
    with c, c.cursor() as inner:
        inner.execute("INSERT INTO t VALUES (2)")
    for level in ("SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED"):
        c.set_session(isolation_level=level, readonly=level == "SERIALIZABLE", deferrable=level == "SERIALIZABLE")
        k.execute("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")
        print(k.fetchone())
        c.rollback()
    c.reset()
    k.execute("SELECT count(*) FROM t")
    print(k.fetchone())


@case
def two_phase(c):
    c.autocommit = False
    k = c.cursor()
    xid = c.xid(7, "compat-psycopg2", "b")
    c.tpc_begin(xid)
    k.execute("CREATE TABLE tp (i int)")
    c.tpc_prepare()
    c.reset()
    print([x.gtrid for x in c.tpc_recover() if x.database == c.info.dbname])
    c.rollback()
    c.tpc_rollback(xid)


@case
def named_cursor(c):
    c.autocommit = False
    k = c.cursor("server", scrollable=True)
    k.itersize = 700
    k.execute("SELECT i FROM generate_series(1, 5000) i")
    print(sum(row[0] for row in k))
    k.scroll(10, mode="absolute")
    print(k.fetchone())
    held = c.cursor("held", withhold=True)
    held.execute("SELECT i FROM generate_series(1, 10) i")
    c.commit()
    print(held.fetchmany(2))
    held.close()


@case
def copying(c):
    k = c.cursor()
    k.execute("CREATE TABLE cp (i int, t text)")
    k.copy_from(io.StringIO("".join(f"{i}\ttext {i}\n" for i in range(20000))), "cp")
    print(k.rowcount)
    out = io.StringIO()
    k.copy_expert("COPY (SELECT * FROM cp ORDER BY i LIMIT 5) TO STDOUT (FORMAT csv)", out)
    print(repr(out.getvalue()))
    try:
        k.copy_from(io.StringIO("1\ta\nwrong\tb\n"), "cp")
    except psycopg2.Error as error:
        failure(error)

    class Fails:
        def read(self, size):
            raise OSError("the client gives up")

    try:
        k.copy_expert("COPY cp FROM STDIN", Fails())
    except (psycopg2.Error, OSError) as error:
        print(type(error).__name__, str(error).splitlines()[0])
    k.execute("SELECT count(*) FROM cp")
    print(k.fetchone())


@case
def cancel(c):
    k = c.cursor()
    threading.Timer(0.3, c.cancel).start()
    try:
        k.execute("SELECT pg_sleep(30)")
    except psycopg2.Error as error:
        failure(error)
    k.execute("SELECT 'after'")
    print(k.fetchone())


@case
def notifications(c):
    k = c.cursor()
    k.execute("LISTEN chan; NOTIFY chan, 'own'")
    other = connect()
    other.cursor().execute("NOTIFY chan, 'of another'")
    while len(c.notifies) < 2:
        select.select([c], [], [], 10)
        c.poll()
    print([(n.channel, n.payload) for n in c.notifies])
    other.close()


@case
def notices(c):
    c.cursor().execute("DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two'; END $$")
    print(c.notices)


@case
def asynchronous(c):
    a = psycopg2.connect("", async_=True)

    def wait():
        while True:
            state = a.poll()
            if state == psycopg2.extensions.POLL_OK:
                return
            read = [a] if state == psycopg2.extensions.POLL_READ else []
            write = [a] if state == psycopg2.extensions.POLL_WRITE else []
            select.select(read, write, [], 10)

    wait()
    k = a.cursor()
    k.execute("SELECT i FROM generate_series(1, 1000) i")
    wait()
    print(len(k.fetchall()))
    k.execute("SELECT pg_sleep(30)")
    a.cancel()
    try:
        wait()
    except psycopg2.Error as error:
        failure(error)
    a.close()


@case
def large_objects(c):
    c.autocommit = False
    lob = c.lobject(0, "wb")
    print(lob.write(b"data" * 100000))
    lob.seek(10)
    print(lob.tell())
    lob.truncate(1000)
    oid = lob.oid
    lob.close()
    print(len(c.lobject(oid, "rb").read()))
    c.lobject(oid, "n").unlink()
    try:
        c.lobject(oid, "rb")
    except psycopg2.Error as error:
        print(type(error).__name__)
    c.rollback()


@case
def batches_and_types(c):
    k = c.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
    k.execute("CREATE TABLE b (i int, t text, d date)")
    psycopg2.extras.execute_values(k, "INSERT INTO b VALUES %s", [(i, str(i), None) for i in range(3000)])
    psycopg2.extras.execute_batch(k, "UPDATE b SET t = %s WHERE i = %s", [("x", i) for i in range(300)])
    k.execute("SELECT count(*), count(*) FILTER (WHERE t = 'x') AS x FROM b")
    print(dict(k.fetchone()))
    k.execute("SELECT 1.5::numeric AS n, '{\"a\":1}'::jsonb AS j, '1 day'::interval AS i, '\\x00ff'::bytea AS b")
    row = k.fetchone()
    print(row["n"], row["j"], row["i"], bytes(row["b"]))
    c.set_client_encoding("LATIN1")
    k.execute("SELECT 'é' AS e")
    print(c.encoding, k.fetchone()["e"])


for test in CASES:
    print("==", test.__name__)
    try:
        connection = connect()
        test(connection)
        connection.close()
    except Exception as error:
        print("failed:", type(error).__name__, str(error).strip())
print("== end")
