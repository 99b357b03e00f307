using System.Text;

namespace Matriarch.Proxy.Tests;

public sealed class StatementReaderTests
{
    private static readonly HashSet<string> Functions = ["become_tenant"];

    [Theory]
    [InlineData("SELECT abalance FROM pgbench_accounts WHERE aid = 1")]
    [InlineData("UPDATE t SET a = 'SET x = 1' WHERE b = 2")]
    [InlineData("INSERT INTO t VALUES (1) ON CONFLICT (i) DO UPDATE SET a = 1")]
    [InlineData("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING")]
    [InlineData("BEGIN; UPDATE t SET a = 1; COMMIT")]
    [InlineData("SELECT 'discard all', $$listen x$$ -- load 'y'")]
    [InlineData("SELECT pg_advisory_xact_lock(1)")]
    [InlineData("SELECT nextval('s')")]
    [InlineData("DECLARE c CURSOR FOR SELECT 1")]
    [InlineData("")]
    public void These_change_nothing_but_rows(string sql) => Assert.Equal(StatementEffects.None, Read(sql));

    [Theory]
    [InlineData("SET search_path = a")]
    [InlineData("  /* x */ set local work_mem = '1MB'")]
    [InlineData("SELECT 1; SET ROLE x")]
    [InlineData("RESET ALL")]
    [InlineData("DISCARD TEMP")]
    [InlineData("SELECT pg_catalog.set_config('a.b', 'c', false)")]
    [InlineData("SELECT \"set_config\"('a.b', 'c', false)")]
    [InlineData("SELECT * INTO TEMPORARY x FROM y")]
    [InlineData("DECLARE c CURSOR WITH HOLD FOR SELECT 1")]
    [InlineData("SELECT pg_try_advisory_lock(1)")]
    [InlineData("LISTEN a")]
    [InlineData("PREPARE p AS SELECT 1")]
    [InlineData("DO $$ BEGIN END $$")]
    [InlineData("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING; DO 'x'")]
    [InlineData("SELECT app.Become_Tenant(5)")]
    [InlineData("SELECT 'never closed")]
    public void These_may_change_the_session(string sql) =>
        Assert.True(Read(sql).HasFlag(StatementEffects.ChangesSession), sql);

    [Theory]
    [InlineData("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("drop table t")]
    [InlineData("CALL p()")]
    [InlineData("EXECUTE p")]
    public void These_may_change_what_functions_there_are(string sql) =>
        Assert.True(Read(sql).HasFlag(StatementEffects.ChangesFunctions), sql);

    [Theory]
    [InlineData("LOAD 'auto_explain'", "LeavesUnseen")]
    [InlineData("SELECT setseed(0.5)", "LeavesUnseen")]
    [InlineData("SELECT currval('s')", "ReadsSequence")]
    [InlineData("CREATE TEMP TABLE t (i int)", "ChangesSession, ChangesFunctions")]
    public void Some_have_effects_of_their_own(string sql, string expected) =>
        Assert.Equal(Enum.Parse<StatementEffects>(expected), Read(sql));

    [Fact]
    public void A_text_that_is_not_here_whole_or_too_long_may_do_anything()
    {
        var text = Encoding.UTF8.GetBytes("SELECT 1");
        Assert.True(StatementReader.Read(text, isWhole: false, Functions).HasFlag(StatementEffects.ChangesSession));
        var longText = Encoding.UTF8.GetBytes("SELECT '" + new string('x', StatementReader.MaxRead) + "'");
        Assert.True(StatementReader.Read(longText, isWhole: true, Functions).HasFlag(StatementEffects.ChangesSession));
    }

    private static StatementEffects Read(string sql) =>
        StatementReader.Read(Encoding.UTF8.GetBytes(sql), isWhole: true, Functions);
}
