using Matriarch.Wire;
using static Matriarch.Proxy.Tests.Messages;

namespace Matriarch.Proxy.Tests;

public sealed class ServerStreamTests
{
    private static readonly byte[] Ordinary = Join(
        Message(BackendCode.Authentication, "\0\0\0\0"), CancelKey.Create(77, [1, 2, 3, 4]).ToBackendKeyData(), Ready(),
        Message(BackendCode.RowDescription, "columns"), Row(), Row(40_000), Complete("SELECT 2"),
        Ready(TransactionStatus.InTransaction),
        ServerMessage.Error("22012", "division by zero").ToErrorResponse(), Ready(TransactionStatus.Failed),
        new ServerMessage("NOTICE", "00000", new string('n', 20_000)).ToNoticeResponse(), Complete("ROLLBACK"),
        Ready());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void Ordinary_traffic_passes_unchanged_in_whatever_pieces_it_comes(int piece)
    {
        CancelKey? key = null;
        var ledger = new RequestLedger();
        var stream = new ServerStream(ledger, k => key = k);
        Assert.Equal(Ordinary, Run(stream, Ordinary, piece).Output);
        Assert.Equal(77, key?.ProcessId);
        Assert.Equal(TransactionStatus.Idle, ledger.Status);
        Assert.True(stream.IsAtBoundary);
    }

    [Theory]
    [InlineData("simple or explicit commit", "N C Z", "N E40003 Z")]
    [InlineData("commit by Sync", "C N Z", "C N E40003 Z")]
    [InlineData("rows before, statements behind", "T D N C T D C Z T D C Z", "T D N E40003 Z T D C Z")]
    [InlineData("pipeline with two Syncs", "1 2 N C 1 2 D C Z 1 2 C Z", "1 2 N E40003 Z 1 2 C Z")]
    [InlineData("an error behind it", "N E Z C Z", "N E40003 Z C Z")]
    [InlineData("an error of a later statement", "N C E Z", "N E40003 Z")]
    [InlineData("asynchronous messages", "N C S A N T Z", "N E40003 S A N Z")]
    [InlineData("twice", "N C Z N C Z", "N E40003 Z N E40003 Z")]
    [InlineData("commit and chain", "N C Y", "N E40003 Z")]
    [InlineData("the server ends the session", "N C F", "N E40003 E57P01")]
    public void A_commit_that_was_not_replicated_is_never_followed_by_success(string what, string server, string client)
    {
        var bytes = Script(server);
        for (var piece = 1; piece <= bytes.Length; piece += piece < 40 ? 1 : 37)
        {
            var (output, last, _) = Run(new ServerStream(new RequestLedger(), null), bytes, piece);
            Assert.Equal(client, Outline(output));
            Assert.True(last == ServerNext.Receive, what);
        }
    }

    [Theory]
    [InlineData("on", "a", "E57P03", true)]
    [InlineData("off", "a", "S", false)]
    [InlineData("on", null, "S", false)]
    public void A_server_in_recovery_ends_a_session_that_wants_the_primary(
        string value, string? primary, string client, bool ends)
    {
        byte[] parameter = [.. "in_hot_standby\0"u8, .. System.Text.Encoding.ASCII.GetBytes(value), 0];
        byte[] message = [(byte)'S', 0, 0, 0, (byte)(parameter.Length + 4), .. parameter];
        for (var piece = 1; piece <= message.Length; piece++)
        {
            var stream = new ServerStream(new RequestLedger(), null) { RefusesStandby = primary };
            var (output, last, _) = Run(stream, message, piece);
            Assert.Equal(client, Outline(output));
            Assert.Equal(ends, last == ServerNext.End);
        }
    }

    [Fact]
    public void The_servers_words_are_the_detail_when_an_error_follows_the_interrupted_wait()
    {
        var (output, _, _) = Run(new ServerStream(new RequestLedger(), null), Script("N E Z"), int.MaxValue);
        var error = ServerMessage.TryParse(output.AsSpan(InterruptedWait.Length + MessageHeader.Size)[..^6]);
        Assert.Contains("division by zero", error?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_session_ends_when_the_server_wants_copy_data_that_the_client_will_not_send()
    {
        var (output, last, _) = Run(new ServerStream(new RequestLedger(), null), Script("N C G"), int.MaxValue);
        Assert.Equal(("N E40003 E40003", ServerNext.End), (Outline(output), last));
    }

    [Fact]
    public void A_warning_that_only_reads_alike_changes_nothing()
    {
        var raised =
            new ServerMessage("WARNING", "01000", "canceling wait for synchronous replication due to user request")
        {
            File = "pl_exec.c", Routine = "exec_stmt_raise",
        };
        var bytes = Join(raised.ToNoticeResponse(), Complete("DO"), Ready());
        Assert.Equal(bytes, Run(new ServerStream(new RequestLedger(), null), bytes, int.MaxValue).Output);
    }

    [Fact]
    public void An_outcome_is_owed_until_it_was_told()
    {
        var stream = new ServerStream(new RequestLedger(), null);
        Run(stream, Script("C N"), int.MaxValue);
        Assert.True(stream.OwesUnknownOutcome);
        Run(stream, Script("Z"), int.MaxValue);
        Assert.False(stream.OwesUnknownOutcome);
    }

    [Theory]
    [InlineData("Z\u0000\u0000\u0000\u0005X")]
    [InlineData("Z\u0000\u0000\u0000\u0003")]
    [InlineData("D\u007f\u007f\u007f\u007f")]
    public void What_is_not_the_protocol_is_noticed(string bytes) => Assert.Equal(
        ServerNext.Violation,
        Run(new ServerStream(new RequestLedger(), null), System.Text.Encoding.Latin1.GetBytes(bytes),
            int.MaxValue).Last);

    [Fact]
    public void Garbage_never_throws_and_never_grows()
    {
        var random = new Random(11);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(1, 300)];
            random.NextBytes(bytes);
            if (round % 2 == 0)
            {
                bytes[0] = "ZKNECGWDST"u8[random.Next(10)];
                bytes.AsSpan(1, Math.Min(3, bytes.Length - 1)).Clear(); // a likely length, so that bodies are reached
            }

            var (output, _, _) = Run(new ServerStream(new RequestLedger(), null), bytes, random.Next(1, 50));
            Assert.True(output.Length <= bytes.Length);
        }
    }

    private static byte[] Script(string codes) => Join([.. codes.Split(' ').Select(code => code switch
    {
        "N" => InterruptedWait,
        "C" => Complete("COMMIT"),
        "Z" => Ready(),
        "Y" => Ready(TransactionStatus.InTransaction),
        "D" => Row(300),
        "E" => ServerMessage.Error("22012", "division by zero").ToErrorResponse(),
        "F" => ServerMessage.Fatal("57P01", "terminating connection due to administrator command").ToErrorResponse(),
        _ => Message((byte)code[0], "body"),
    })]);

    /// <summary>Feeds the bytes in pieces, as a relay does: what a step leaves stays in front of the next
    /// piece.</summary>
    private static (byte[] Output, ServerNext Last, int Held) Run(ServerStream stream, byte[] input, int piece)
    {
        var output = new List<byte>();
        var held = Array.Empty<byte>();
        for (var at = 0; at < input.Length; at += Math.Min(piece, input.Length - at))
        {
            held = [.. held, .. input.AsSpan(at, Math.Min(piece, input.Length - at))];
            ServerStep step;
            do
            {
                step = stream.Scan(held);
                output.AddRange(held.AsSpan(0, step.Forward));
                held = held[(step.Forward + step.Drop)..];
                output.AddRange(step.Insert ?? []);
            }
            while (step.Next == ServerNext.Scan);
            Assert.True(held.Length < ServerStream.MaxInspected);
            if (step.Next != ServerNext.Receive)
            {
                return ([.. output], step.Next, held.Length);
            }
        }

        return ([.. output], ServerNext.Receive, held.Length);
    }
}
