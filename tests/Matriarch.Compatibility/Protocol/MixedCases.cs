namespace Matriarch.Compatibility;

/// <summary>Simple queries, copies, function calls and the end of a session, in odd places.</summary>
internal static class MixedCases
{
    private const int VersionFunction = 89;
    private const int Int4Plus = 177;

    public static IReadOnlyDictionary<string, Func<RawSession, Task>> All { get; } =
        new Dictionary<string, Func<RawSession, Task>>
        {
            ["a Query inside a pipeline"] = s => s.Parse("", "SELECT 1").Bind("", "").Query("SELECT 2").Execute("")
                .Sync()
                .UntilAsync('Z', 2),
            ["queries without waiting"] = s => s.Query("SELECT 1").Query("SELECT nothing").Query("SELECT 3").Query("")
                .UntilAsync('Z', 4),
            ["a query in two packets"] = async s =>
            {
                s.Query("SELECT 'split in the header'");
                await s.SendInPartsAsync(3);
                await s.UntilAsync('Z');
                s.Query("SELECT 'split in the text'").Query("SELECT 'and one more'");
                await s.SendInPartsAsync(20);
                await s.UntilAsync('Z', 2);
            },
            ["COPY in, done"] = s => s.Query("CREATE TEMP TABLE c (i int)").Query("COPY c FROM STDIN").CopyData("1\n2")
                .CopyData("\n").CopyData("3\n").CopyDone().Query("SELECT count(*), sum(i) FROM c").UntilAsync('Z', 3),
            ["COPY in, failed by the client"] = s => s.Query("CREATE TEMP TABLE c (i int)").Query("COPY c FROM STDIN")
                .CopyData("1\n").CopyFail("no more, sorry").UntilAsync('Z', 2),
            ["COPY in, wrong data and more of it"] = s => s.Query("CREATE TEMP TABLE c (i int)")
                .Query("COPY c FROM STDIN")
                .CopyData("wrong\n").CopyData("1\n").CopyData("2\n").CopyDone().UntilAsync('Z', 2),
            ["COPY in, Sync and Flush among the data"] = s => s.Query("CREATE TEMP TABLE c (i int)")
                .Query("COPY c FROM STDIN").CopyData("1\n").Flush().Sync().CopyData("2\n").CopyDone()
                .Query("SELECT sum(i) FROM c").UntilAsync('Z', 3),
            ["COPY in, a query among the data"] = s => s.Query("CREATE TEMP TABLE c (i int)").Query("COPY c FROM STDIN")
                .CopyData("1\n").Query("SELECT 1").UntilAsync('Z', 2),
            ["COPY in, extended"] = s => s.Query("CREATE TEMP TABLE c (i int)").Parse("", "COPY c FROM STDIN")
                .Bind("", "")
                .Execute("").CopyData("1\n2\n").CopyDone().Sync().Query("SELECT sum(i) FROM c").UntilAsync('Z', 3),
            ["COPY in, extended, wrong data"] = s => s.Query("CREATE TEMP TABLE c (i int)")
                .Parse("", "COPY c FROM STDIN")
                .Bind("", "").Execute("").CopyData("wrong\n").CopyData("2\n").CopyDone().Sync()
                .Query("SELECT count(*) FROM c").UntilAsync('Z', 3),
            ["COPY in, extended, failed by the client"] = s => s.Query("CREATE TEMP TABLE c (i int)")
                .Parse("", "COPY c FROM STDIN")
                .Bind("", "").Execute("").CopyFail("no").Sync().UntilAsync('Z', 2),
            ["COPY in, extended, Sync instead of an end"] = s => s.Query("CREATE TEMP TABLE c (i int)")
                .Parse("", "COPY c FROM STDIN").Bind("", "").Execute("").Sync().CopyData("1\n").CopyDone().Sync()
                .Query("SELECT count(*) FROM c").UntilAsync('Z', 3),
            ["COPY data without a COPY"] = s => s.CopyData("1\n").CopyDone().CopyFail("what").Sync().UntilAsync('Z'),
            ["COPY out"] = s => s.Query("COPY (SELECT generate_series(1, 3)) TO STDOUT")
                .Parse("", "COPY (SELECT 1) TO STDOUT")
                .Bind("", "").Describe('P', "").Execute("").Sync().UntilAsync('Z', 2),
            ["COPY out, with an error"] = s => s
                .Query("COPY (SELECT 10 / (3 - i) FROM generate_series(1, 5) i) TO STDOUT")
                .UntilAsync('Z'),
            ["COPY out, binary"] = s => s.Query("COPY (SELECT 1::int4, NULL) TO STDOUT (FORMAT binary)")
                .UntilAsync('Z'),
            ["COPY both ways in one message"] = s => s
                .Query("CREATE TEMP TABLE c (i int); COPY c FROM STDIN; COPY c TO STDOUT; "
                + "SELECT sum(i) FROM c").CopyData("1\n2\n").CopyDone().UntilAsync('Z'),
            ["two COPY in one message, the first fails"] = s => s
                .Query("CREATE TEMP TABLE c (i int); COPY c FROM STDIN; "
                + "COPY c FROM STDIN").CopyFail("no").UntilAsync('Z'),
            ["FunctionCall"] = s => s.FunctionCall(Int4Plus, "2", "3").FunctionCall(VersionFunction + 1_000_000)
                .FunctionCall(Int4Plus, "2").FunctionCall(Int4Plus, null, "1").UntilAsync('Z', 4),
            ["FunctionCall in a failed transaction"] = s => s.Query("BEGIN").Query("SELECT 1/0")
                .FunctionCall(Int4Plus, "2", "3")
                .Query("ROLLBACK").FunctionCall(Int4Plus, "2", "3").UntilAsync('Z', 5),
            ["FunctionCall inside a pipeline"] = s => s.Parse("", "SELECT 1").FunctionCall(Int4Plus, "2", "3")
                .Bind("", "")
                .Execute("").Sync().UntilAsync('Z', 2),
            ["notices and notifications among answers"] = s => s.Query("LISTEN x").Query("NOTIFY x, 'one'; "
                + "DO $$ BEGIN RAISE NOTICE 'two'; END $$; SELECT 3").Run("SELECT pg_notify('x', 'four')").Sync()
                    .UntilAsync('Z', 3),
            ["parameters that are reported"] = s => s.Query("SET application_name = 'a'; SET TimeZone = 'Asia/Tokyo'")
                .Run("SET datestyle = 'German'").Sync().Query("BEGIN; SET LOCAL TimeZone = 'UTC'").Query("ROLLBACK")
                .Query("RESET ALL").UntilAsync('Z', 5),
            ["parameters that are not changed"] = s => s.Query("SET application_name = ''")
                .Query("SET TimeZone = 'UTC'")
                .Query("SET client_encoding = 'UTF8'").UntilAsync('Z', 3),
            ["an unknown message type"] = s =>
            {
                s.Raw('!', new WireText().Text("what"));
                return s.ToEndAsync();
            },
            ["a message that is too short"] = s =>
            {
                s.Bytes((byte)'Q', 0, 0, 0, 3);
                return s.ToEndAsync();
            },
            ["a message with a negative length"] = s =>
            {
                s.Bytes((byte)'Q', 0xff, 0xff, 0xff, 0xff);
                return s.ToEndAsync();
            },
            ["a Query without an end"] = s =>
            {
                s.Raw('Q', new WireText().Plain("SELECT 1"));
                return s.UntilAsync('Z');
            },
            ["a Query with something behind its end"] = s =>
            {
                s.Raw('Q', new WireText().Text("SELECT 1").Plain("more"));
                return s.UntilAsync('Z');
            },
            ["a Parse that ends too early"] = s =>
            {
                s.Raw('P', new WireText().Text("x").Text("SELECT 1").Int16(3).Int32(23));
                return s.Sync().UntilAsync('Z');
            },
            ["a Bind with a wrong format"] = s =>
            {
                s.Parse("", "SELECT $1::int").Raw('B', new WireText().Text("").Text("").Int16(1).Int16(7)
                    .Values(["1"]).Int16(0));
                return s.Execute("").Sync().UntilAsync('Z');
            },
            ["a text that is no UTF-8"] = s =>
            {
                s.Raw('Q', new WireText().Plain("SELECT '").Byte(0xff).Byte(0xfe).Text("'"));
                return s.UntilAsync('Z');
            },
            ["Terminate behind a query"] = async s =>
            {
                await s.Query("SELECT 1").Terminate().ToEndAsync();
            },
            ["Terminate in the middle of a pipeline"] = s => s.Run("SELECT 1").Terminate().ToEndAsync(),
            ["Terminate in the middle of a COPY"] = async s =>
            {
                await s.Query("CREATE TEMP TABLE c (i int); COPY c FROM STDIN").UntilAsync('G');
                await s.CopyData("1\n").Terminate().ToEndAsync();
            },
            ["a password message after the login"] = s =>
            {
                s.Raw('p', new WireText().Text("secret"));
                return s.ToEndAsync();
            },
        };
}
