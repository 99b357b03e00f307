using System.Text;
using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.Wire.Tests;

/// <summary>What we write PostgreSQL understands, and what it writes we read.</summary>
public sealed class RealMessagesTests(RealServer server) : IClassFixture<RealServer>
{
    [Fact]
    public async Task The_extended_protocol_is_spoken()
    {
        await using var connection = await server.LogInAsync();
        await connection.SendAsync(new FrontendWriter()
            .Parse("s"u8, "SELECT $1::int4 AS number, $2 AS word"u8, [0, RowColumn.TextType])
            .Describe(TargetKind.Statement, "s"u8)
            .Bind("p"u8, "s"u8, [1, 0], [new byte[] { 0, 0, 1, 0 }, null], [1, 0])
            .Describe(TargetKind.Portal, "p"u8).Execute("p"u8, 0).Close(TargetKind.Portal, "p"u8)
            .Close(TargetKind.Statement, "s"u8).Sync().Bytes);

        Assert.Equal(
            "1 t(23,25) T(number:23:0,word:25:0) 2 T(number:23:1,word:25:0) D(00000100,null) C(SELECT 1) 3 3 Z",
            await OutlineAsync(connection));
    }

    [Fact]
    public async Task Copy_goes_both_ways_and_can_fail()
    {
        await using var connection = await server.LogInAsync();
        await connection.SendAsync(new FrontendWriter()
            .Query("CREATE TEMP TABLE c (a int, b text); COPY c FROM STDIN"u8)
            .CopyData("1\tone\n2\t"u8).CopyData("two\n"u8).CopyDone().Bytes);
        Assert.Equal("C(CREATE TABLE) G(0:2) C(COPY 2) Z", await OutlineAsync(connection));

        await connection.SendAsync(new FrontendWriter().Query("COPY c TO STDOUT (FORMAT csv)"u8).Bytes);
        Assert.Equal("H(0:2) d(1,one\n) d(2,two\n) c C(COPY 2) Z", await OutlineAsync(connection));

        await connection.SendAsync(new FrontendWriter().Query("COPY c FROM STDIN"u8).CopyFail("tired"u8).Bytes);
        Assert.Equal("G(0:2) E(57014 COPY from stdin failed: tired) Z", await OutlineAsync(connection));
    }

    [Fact]
    public async Task Functions_are_called_and_notifications_come()
    {
        await using var connection = await server.LogInAsync();
        const uint Int4Abs = 1397;
        await connection.SendAsync(
            new FrontendWriter().FunctionCall(Int4Abs, [0], ["-5"u8.ToArray()], 0)
                .FunctionCall(Int4Abs, [], [null], 1).Bytes);
        Assert.Equal("V(35) Z", await OutlineAsync(connection));
        Assert.Equal("V(null) Z", await OutlineAsync(connection));

        await connection.SendAsync(new FrontendWriter().Query("LISTEN c; NOTIFY c, 'load'"u8).Bytes);
        Assert.Equal("C(LISTEN) C(NOTIFY) A(c:load) Z", await OutlineAsync(connection));
    }

    [Fact]
    public async Task A_statement_under_another_name_is_the_same_statement()
    {
        await using var connection = await server.LogInAsync();
        var script = new FrontendWriter().Parse("mine"u8, "SELECT 7"u8, []).Bind(""u8, "mine"u8, [], [], [])
            .Execute().Close(TargetKind.Statement, "mine"u8).Sync().Bytes;
        await connection.SendAsync(Renamed(script, "M_1"u8.ToArray(), messages: 1));
        Assert.Equal("1 E(26000 prepared statement \"mine\" does not exist) Z", await OutlineAsync(connection));

        await connection.SendAsync(Renamed(script, "M_2"u8.ToArray(), messages: 4));
        Assert.Equal("1 2 D(37) C(SELECT 1) 3 Z", await OutlineAsync(connection));
    }

    [Fact]
    public async Task Wal_is_streamed_and_what_we_have_is_believed()
    {
        await using var connection = await server.LogInAsync(("replication", "true"), ("application_name", "wire"));
        await connection.SendAsync(new FrontendWriter().Query("IDENTIFY_SYSTEM"u8).Bytes);
        var messages = await ReadAsync(connection);
        var row = DataRow.TryParse(messages.Single(m => m.Code == BackendCode.DataRow).Body)!;
        var position = Lsn.Parse(Encoding.ASCII.GetString(row[2]!));
        var start = new Lsn(position.Value & ~0xFFFFFFUL); // of its segment
        await connection.SendAsync(
            new FrontendWriter().Query(Encoding.ASCII.GetBytes($"START_REPLICATION {start}")).Bytes);
        var (code, body) = await connection.ReadMessageAsync();
        Assert.True(code == BackendCode.CopyBothResponse && CopyResponse.TryRead(body, out _));

        var received = start;
        while (received < position)
        {
            (_, body) = await connection.ReadMessageAsync();
            received = Received(body, received);
        }

        await connection.SendAsync(new HotStandbyFeedback(0, 0, 0, 0, 0).Encode());
        await connection.SendAsync(new StandbyStatusUpdate(received, received, start, 0, WantsReply: true).Encode());
        while (PrimaryKeepalive.TryParse((await connection.ReadMessageAsync()).Body) is null)
        {
            // WAL that was written meanwhile.
        }

        await using var observer = await server.LogInAsync();
        await Eventually.HoldsAsync("the server believes what the standby says", async () =>
        {
            await observer.SendAsync(new FrontendWriter().Query(
                "SELECT flush_lsn, replay_lsn FROM pg_stat_replication WHERE application_name = 'wire'"u8).Bytes);
            var told = (await ReadAsync(observer)).Single(m => m.Code == BackendCode.DataRow).Body;
            return DataRow.TryParse(told) is [{ } flushed, { } applied]
                && Lsn.Parse(Text(flushed)) == received && Lsn.Parse(Text(applied)) == start;
        });
        await connection.SendAsync(new FrontendWriter().CopyDone().Terminate().Bytes);
    }

    /// <summary>Pieces follow each other without a gap.</summary>
    private static Lsn Received(byte[] body, Lsn received)
    {
        if (!XLogData.TryRead(body, out var piece))
        {
            Assert.NotNull(PrimaryKeepalive.TryParse(body));
            return received;
        }

        Assert.Equal(received, piece.Start);
        return new Lsn(piece.Start.Value + (ulong)piece.Data.Length);
    }

    private static byte[] Renamed(ReadOnlyMemory<byte> script, byte[] name, int messages)
    {
        var renamed = new List<byte>();
        for (var rest = script.Span; !rest.IsEmpty; messages--)
        {
            MessageHeader.TryRead(rest, out var header);
            var message = rest[..header.TotalLength];
            var read = StatementRename.TryRead(header, message[MessageHeader.Size..], out var rename);
            if (messages > 0 && read == StatementRenameRead.Found)
            {
                var head = new byte[rename.HeadLength(name.Length)];
                Assert.True(rename.WriteHead(name, head));
                renamed.AddRange(head);
                message = message[rename.Replaced..];
            }

            renamed.AddRange(message);
            rest = rest[header.TotalLength..];
        }

        return [.. renamed];
    }

    private static async Task<List<(byte Code, byte[] Body)>> ReadAsync(WireConnection connection)
    {
        var messages = new List<(byte Code, byte[] Body)>();
        do
        {
            messages.Add(await connection.ReadMessageAsync());
        }
        while (messages[^1].Code != BackendCode.ReadyForQuery);

        return messages;
    }

    /// <summary>What comes until ReadyForQuery, in short; every message has to be read.</summary>
    private static async Task<string> OutlineAsync(WireConnection connection) =>
        string.Join(' ', (await ReadAsync(connection)).Select(m => (char)m.Code + Outline(m.Code, m.Body)));

    private static string Outline(byte code, byte[] body)
    {
        switch (code)
        {
            case BackendCode.DataRow when DataRow.TryParse(body) is { } values:
                return $"({string.Join(',', values.Select(v => v is null ? "null" : Convert.ToHexString(v)))})";
            case BackendCode.FunctionCallResponse when FunctionCallResponse.TryRead(body, out var value):
                return value.IsNull ? "(null)" : $"({Convert.ToHexString(value.Bytes)})";
            case BackendCode.RowDescription when RowDescription.TryRead(body, out var columns):
                var names = new List<string>();
                foreach (var column in columns)
                {
                    names.Add($"{Text(column.Name)}:{column.Type}:{column.Format}");
                }

                return $"({string.Join(',', names)})";
            case BackendCode.ParameterDescription when ParameterDescription.TryRead(body, out var parameters):
                return $"({string.Join(',', parameters.Types.ToArray())})";
            case BackendCode.CommandComplete when CommandComplete.TryRead(body, out var complete):
                return $"({Text(complete.Tag)})";
            case BackendCode.CopyInResponse or BackendCode.CopyOutResponse
                when CopyResponse.TryRead(body, out var copy):
                return $"({copy.Format}:{copy.ColumnFormats.Count})";
            case BackendCode.CopyData:
                return $"({Text(body)})";
            case BackendCode.NotificationResponse when NotificationResponse.TryRead(body, out var notification):
                return $"({Text(notification.Channel)}:{Text(notification.Payload)})";
            case BackendCode.ErrorResponse when ServerMessage.TryParse(body) is { } error:
                return $"({error.SqlState} {error.Message})";
            case BackendCode.ReadyForQuery when ReadyForQuery.TryParse(body) is not null:
                return "";
            default:
                Assert.True(body.Length == 0, $"{(char)code} was not read");
                return "";
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
