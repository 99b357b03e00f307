import java.io.StringReader;
import java.io.StringWriter;
import java.sql.*;
import java.util.*;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;

/** The cases of JDBC. Each prints a section; an exception is printed, not thrown. */
public class Jdbc {
    interface Case { void run(Connection c) throws Exception; }

    static final Map<String, Case> CASES = new LinkedHashMap<>();

    static Connection connect(String... more) throws SQLException {
        Properties p = new Properties();
        p.setProperty("user", System.getenv("PGUSER"));
        p.setProperty("password", System.getenv("PGPASSWORD"));
        p.setProperty("sslmode", "disable");
        for (int i = 0; i < more.length; i += 2) p.setProperty(more[i], more[i + 1]);
        return DriverManager.getConnection("jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT")
            + "/" + System.getenv("PGDATABASE"), p);
    }

    static void say(Object... what) {
        StringJoiner line = new StringJoiner(" ");
        for (Object o : what) line.add(String.valueOf(o));
        System.out.println(line);
    }

    static void failure(SQLException e) {
        say("error", e.getClass().getSimpleName(), e.getSQLState(), e.getMessage().replace('\n', ' '));
        if (e instanceof BatchUpdateException b) say("counts", Arrays.toString(b.getUpdateCounts()));
    }

    static void attempt(Case action, Connection c) throws Exception {
        try { action.run(c); } catch (SQLException e) { failure(e); }
    }

    static String one(Connection c, String sql) throws SQLException {
        try (Statement s = c.createStatement(); ResultSet r = s.executeQuery(sql)) {
            StringJoiner row = new StringJoiner(",");
            r.next();
            for (int i = 1; i <= r.getMetaData().getColumnCount(); i++) row.add(r.getString(i));
            return row.toString();
        }
    }

    static void run(Connection c, String sql) throws SQLException {
        try (Statement s = c.createStatement()) { s.execute(sql); }
    }

    public static void main(String[] arguments) throws Exception {
        queries();
        writing();
        sessions();
        for (var entry : CASES.entrySet()) {
            System.out.println("== " + entry.getKey());
            try (Connection c = connect()) {
                entry.getValue().run(c);
            } catch (Exception e) {
                say("failed:", e.getClass().getSimpleName(), e.getMessage());
            }
        }
        System.out.println("== end");
    }

    static void queries() {
        CASES.put("modes", unused -> {
            for (String mode : List.of("simple", "extended", "extendedForPrepared", "extendedCacheEverything")) {
                try (Connection c = connect("preferQueryMode", mode, "prepareThreshold", "2")) {
                    say(mode, one(c, "SELECT 1, 'x', NULL"));
                    try (PreparedStatement p = c.prepareStatement("SELECT ?::int + ?::int, ?::text")) {
                        for (int i = 0; i < 5; i++) {
                            p.setInt(1, i); p.setInt(2, 1); p.setString(3, "it's");
                            try (ResultSet r = p.executeQuery()) { r.next(); say(r.getInt(1), r.getString(2)); }
                        }
                    }
                    try (Statement s = c.createStatement()) {
                        boolean rows = s.execute("SELECT 1; CREATE TEMP TABLE m (i int); INSERT INTO m VALUES (1), (2); SELECT 2");
                        while (rows || s.getUpdateCount() != -1) { say(rows, s.getUpdateCount()); rows = s.getMoreResults(); }
                    }
                    attempt(k -> one(k, "SELECT nothing"), c);
                    say(one(c, "SELECT 'after'"));
                }
            }
        });
        CASES.put("prepared and invalidated", unused -> {
            try (Connection c = connect("prepareThreshold", "1")) {
                run(c, "CREATE TABLE p (i int, t text); INSERT INTO p SELECT i, 'r' || i FROM generate_series(1, 9) i");
                try (PreparedStatement p = c.prepareStatement("SELECT * FROM p WHERE i = ?")) {
                    for (int i = 1; i < 4; i++) { p.setInt(1, i); try (ResultSet r = p.executeQuery()) { r.next(); say(r.getString(2)); } }
                    say(one(c, "SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql"));
                    run(c, "ALTER TABLE p ADD COLUMN more int DEFAULT 5");
                    p.setInt(1, 1);
                    try (ResultSet r = p.executeQuery()) { r.next(); say(r.getMetaData().getColumnCount()); } catch (SQLException e) { failure(e); }
                    run(c, "DEALLOCATE ALL");
                    try (ResultSet r = p.executeQuery()) { r.next(); say(r.getString(2)); } catch (SQLException e) { failure(e); }
                    c.setAutoCommit(false);
                    run(c, "DISCARD PLANS");
                    try (ResultSet r = p.executeQuery()) { r.next(); say(r.getString(2)); } catch (SQLException e) { failure(e); }
                    c.rollback();
                }
            }
        });
        CASES.put("binary", unused -> {
            try (Connection c = connect("binaryTransfer", "true", "prepareThreshold", "-1");
                 PreparedStatement p = c.prepareStatement("SELECT 1::int2, 2::int4, 3::int8, 1.5::float4, 2.5::float8, 1.10::numeric,"
                     + " '\\x00ff'::bytea, true, ARRAY[1,2], 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '2024-02-29'::date, ?::int8")) {
                p.setLong(1, Long.MAX_VALUE);
                for (int n = 0; n < 3; n++) try (ResultSet r = p.executeQuery()) {
                    r.next();
                    StringJoiner row = new StringJoiner(",");
                    for (int i = 1; i <= 12; i++) row.add(i == 7 ? Arrays.toString(r.getBytes(i)) : r.getString(i));
                    say(row);
                }
            }
        });
        CASES.put("fetch size", c -> {
            c.setAutoCommit(false);
            try (Statement s = c.createStatement()) {
                s.setFetchSize(100);
                long sum = 0;
                try (ResultSet r = s.executeQuery("SELECT i, repeat('x', 50) FROM generate_series(1, 20000) i")) {
                    while (r.next()) sum += r.getInt(1);
                }
                say(sum);
                try (ResultSet r = s.executeQuery("SELECT 10 / (250 - i) FROM generate_series(1, 500) i")) {
                    int n = 0;
                    try { while (r.next()) n++; } catch (SQLException e) { failure(e); }
                    say(n);
                }
            }
            c.rollback();
            try (Statement s = c.createStatement()) {
                s.setMaxRows(7); s.setFetchSize(3);
                int n = 0;
                try (ResultSet r = s.executeQuery("SELECT * FROM generate_series(1, 100)")) { while (r.next()) n++; }
                say(n);
            }
            c.commit();
            c.setAutoCommit(true);
            try (Statement s = c.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE)) {
                run(c, "CREATE TABLE up (i int PRIMARY KEY, t text); INSERT INTO up VALUES (1, 'a'), (2, 'b')");
                ResultSet r = s.executeQuery("SELECT i, t FROM up ORDER BY i");
                r.last(); r.updateString(2, "changed"); r.updateRow(); r.first();
                say(r.getString(2), one(c, "SELECT string_agg(t, ',' ORDER BY i) FROM up"));
            }
        });
        CASES.put("metadata", c -> {
            run(c, "CREATE TABLE meta (i serial PRIMARY KEY, t varchar(10) NOT NULL, n numeric(5,2)); CREATE INDEX mi ON meta (t)");
            DatabaseMetaData m = c.getMetaData();
            try (ResultSet r = m.getColumns(null, "public", "meta", null)) {
                while (r.next()) say(r.getString("COLUMN_NAME"), r.getString("TYPE_NAME"), r.getInt("COLUMN_SIZE"), r.getString("IS_NULLABLE"));
            }
            try (ResultSet r = m.getPrimaryKeys(null, "public", "meta")) { while (r.next()) say(r.getString("COLUMN_NAME"), r.getString("PK_NAME")); }
            try (ResultSet r = m.getIndexInfo(null, "public", "meta", false, false)) { while (r.next()) say(r.getString("INDEX_NAME")); }
            say(m.getDatabaseMajorVersion(), m.getUserName(), m.getDriverVersion());
            try (PreparedStatement p = c.prepareStatement("SELECT t, n FROM meta WHERE i = ? AND n > ?")) {
                say(p.getMetaData().getColumnTypeName(1), p.getParameterMetaData().getParameterTypeName(1), p.getParameterMetaData().getParameterTypeName(2));
            }
        });
        CASES.put("errors", c -> {
            run(c, "CREATE TABLE e (i int CONSTRAINT positive CHECK (i > 0))");
            for (String sql : List.of("SELEC 1", "SELECT 1/0", "INSERT INTO e VALUES (-1)", "SELECT 'x'::int", "SELECT * FROM nowhere", "")) {
                try { run(c, sql); say("fine"); } catch (PSQLException x) {
                    failure(x);
                    var m = x.getServerErrorMessage();
                    if (m != null) say(m.getSeverity(), m.getPosition(), m.getConstraint(), m.getTable(), m.getRoutine(), m.getDetail());
                }
            }
            try (PreparedStatement p = c.prepareStatement("SELECT ?::int")) { p.setObject(1, "x", Types.OTHER); p.executeQuery(); } catch (SQLException x) { failure(x); }
        });
    }

    static void writing() {
        CASES.put("batches", c -> {
            run(c, "CREATE TABLE b (i int PRIMARY KEY, t text)");
            try (PreparedStatement p = c.prepareStatement("INSERT INTO b VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
                for (int i = 0; i < 1000; i++) { p.setInt(1, i); p.setString(2, "t" + i); p.addBatch(); }
                say(p.executeBatch().length);
                for (int i : new int[] {2000, 5, 2001}) { p.setInt(1, i); p.setString(2, "x"); p.addBatch(); }
                attempt(k -> p.executeBatch(), c);
            }
            say(one(c, "SELECT count(*) FROM b"));
            try (Connection r = connect("reWriteBatchedInserts", "true"); PreparedStatement p = r.prepareStatement("INSERT INTO b VALUES (?, ?)")) {
                for (int i = 3000; i < 3500; i++) { p.setInt(1, i); p.setString(2, "y"); p.addBatch(); }
                say(p.executeBatch().length);
            }
            try (Statement s = c.createStatement()) {
                s.addBatch("INSERT INTO b VALUES (9000, 'a')"); s.addBatch("SELECT nothing"); s.addBatch("INSERT INTO b VALUES (9001, 'a')");
                attempt(k -> s.executeBatch(), c);
            }
            say(one(c, "SELECT count(*) FROM b"));
        });
        CASES.put("autosave", unused -> {
            try (Connection c = connect("autosave", "always")) {
                c.setAutoCommit(false);
                run(c, "CREATE TABLE a (i int)");
                attempt(k -> run(k, "SELECT nothing"), c);
                run(c, "INSERT INTO a VALUES (1)");
                Savepoint s = c.setSavepoint("s");
                run(c, "INSERT INTO a VALUES (2)");
                c.rollback(s);
                c.commit();
                say(one(c, "SELECT count(*) FROM a"));
            }
        });
        CASES.put("copy", c -> {
            run(c, "CREATE TABLE cp (i int, t text)");
            CopyManager m = c.unwrap(PGConnection.class).getCopyAPI();
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 30000; i++) text.append(i).append("\ttext ").append(i).append('\n');
            say(m.copyIn("COPY cp FROM STDIN", new StringReader(text.toString())));
            StringWriter out = new StringWriter();
            say(m.copyOut("COPY (SELECT * FROM cp ORDER BY i LIMIT 2) TO STDOUT", out), out);
            attempt(k -> m.copyIn("COPY cp FROM STDIN", new StringReader("1\tx\nwrong\n")), c);
            CopyIn in = m.copyIn("COPY cp FROM STDIN");
            in.writeToCopy("5\tx\n".getBytes(), 0, 4);
            in.cancelCopy();
            say(one(c, "SELECT count(*) FROM cp"));
        });
        CASES.put("isolation", c -> {
            c.setAutoCommit(false);
            for (int level : new int[] {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE}) {
                c.setTransactionIsolation(level);
                say(one(c, "SHOW transaction_isolation"));
                c.rollback();
            }
            c.setReadOnly(true);
            attempt(k -> run(k, "CREATE TABLE no (i int)"), c);
            c.rollback();
            c.setReadOnly(false);
        });
        CASES.put("two-phase", c -> {
            var source = new org.postgresql.xa.PGXADataSource();
            source.setUrl("jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE"));
            source.setUser(System.getenv("PGUSER"));
            source.setPassword(System.getenv("PGPASSWORD"));
            run(c, "CREATE TABLE xa (i int)");
            var x = source.getXAConnection();
            class Id implements javax.transaction.xa.Xid {
                public int getFormatId() { return 5; }
                public byte[] getGlobalTransactionId() { return "compat-jdbc".getBytes(); }
                public byte[] getBranchQualifier() { return "b".getBytes(); }
            }
            var id = new Id();
            x.getXAResource().start(id, javax.transaction.xa.XAResource.TMNOFLAGS);
            run(x.getConnection(), "INSERT INTO xa VALUES (1)");
            x.getXAResource().end(id, javax.transaction.xa.XAResource.TMSUCCESS);
            say(x.getXAResource().prepare(id), one(c, "SELECT count(*) FROM xa"));
            x.getXAResource().commit(id, false);
            say(one(c, "SELECT count(*) FROM xa"));
            x.close();
        });
        CASES.put("large", c -> {
            try (PreparedStatement p = c.prepareStatement("SELECT length(?), md5(?)")) {
                String s = "grüße ".repeat(500000);
                p.setString(1, s); p.setString(2, s);
                try (ResultSet r = p.executeQuery()) { r.next(); say(r.getInt(1), r.getString(2)); }
            }
            say(one(c, "SELECT repeat('x', 10000000)").length());
            c.setAutoCommit(false);
            var lob = c.unwrap(PGConnection.class).getLargeObjectAPI();
            long oid = lob.createLO();
            var o = lob.open(oid);
            o.write(new byte[200000]); o.seek(5); o.write("x".getBytes()); say(o.size(), o.tell()); o.close();
            lob.delete(oid);
            c.commit();
        });
    }

    static void sessions() {
        CASES.put("cancel", c -> {
            try (Statement s = c.createStatement()) {
                s.setQueryTimeout(1);
                attempt(k -> s.execute("SELECT pg_sleep(30)"), c);
                s.setQueryTimeout(0);
                Thread t = new Thread(() -> { try { Thread.sleep(300); s.cancel(); } catch (Exception e) { say("failed:", e); } });
                t.start();
                attempt(k -> s.execute("SELECT pg_sleep(30)"), c);
                t.join();
            }
            say(one(c, "SELECT 'after'"));
        });
        CASES.put("listen", c -> {
            run(c, "LISTEN chan");
            try (Connection other = connect()) { run(other, "NOTIFY chan, 'one'"); }
            run(c, "NOTIFY chan, 'own'");
            int n = 0;
            for (int i = 0; i < 20 && n < 2; i++) {
                PGNotification[] heard = c.unwrap(PGConnection.class).getNotifications(500);
                if (heard != null) for (PGNotification x : heard) { say(x.getName(), x.getParameter()); n++; }
            }
        });
        CASES.put("warnings", c -> {
            try (Statement s = c.createStatement()) {
                s.execute("DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two'; END $$");
                for (SQLWarning w = s.getWarnings(); w != null; w = w.getNextWarning()) say(w.getSQLState(), w.getMessage());
            }
        });
        CASES.put("login", c -> {
            run(c, "CREATE ROLE compat_jdbc LOGIN PASSWORD 'pässwörd'");
            try (Connection other = connect("user", "compat_jdbc", "password", "pässwörd", "ApplicationName", "app", "options", "-c work_mem=9MB",
                "currentSchema", "pg_catalog")) {
                say(one(other, "SELECT current_user, current_setting('application_name'), current_setting('work_mem'), current_schema()"));
            }
            attempt(k -> connect("user", "compat_jdbc", "password", "wrong"), c);
            attempt(k -> connect("sslmode", "require"), c);
            for (String type : List.of("any", "primary", "secondary", "preferSecondary")) {
                attempt(k -> { try (Connection t = connect("targetServerType", type)) { say(type, one(t, "SELECT 1")); } }, c);
            }
        });
        CASES.put("valid", c -> {
            say(c.isValid(5), c.getCatalog().length(), c.getSchema());
            c.setClientInfo("ApplicationName", "renamed");
            say(one(c, "SHOW application_name"), c.unwrap(PGConnection.class).getParameterStatuses().get("application_name"));
            c.setSchema("pg_catalog");
            say(c.getSchema());
            try (Connection other = connect()) {
                say(one(other, "SELECT pg_terminate_backend(" + c.unwrap(PGConnection.class).getBackendPID() + ", 5000)"));
            }
            say(c.isValid(5));
            attempt(k -> run(k, "SELECT 1"), c);
        });
    }
}
