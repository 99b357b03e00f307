using System.Net.Sockets;
using Matriarch.Wire;
using static Matriarch.Proxy.Tests.Messages;

namespace Matriarch.Proxy.Tests;

public sealed class SessionRelayTests
{
    private static readonly ServerMessage Reason = ServerMessage.Fatal("57P01", "terminating connection: a test");

    [Fact]
    public async Task Bytes_go_both_ways_and_are_counted()
    {
        using var pair = await RelayPair.StartAsync(firstServerBytes: Ready());
        Assert.Equal(Ready(), await RelayPair.ReadAsync(pair.Client, 6));
        Assert.Equal(TransactionStatus.Idle, pair.Relay.Status);
        await pair.Client.SendAsync(Query("SELECT 1"));
        Assert.Equal(Query("SELECT 1"), await RelayPair.ReadAsync(pair.Server, Query("SELECT 1").Length));
        await pair.Server.SendAsync(Join(Row(50_000), Ready(TransactionStatus.InTransaction)));
        Assert.Equal(
            Join(Row(50_000), Ready(TransactionStatus.InTransaction)), await RelayPair.ReadAsync(pair.Client, 50_011));
        Assert.Equal(TransactionStatus.InTransaction, pair.Relay.Status);
        await pair.Client.SendAsync(Message(FrontendCode.Terminate));
        pair.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(Message(FrontendCode.Terminate), await RelayPair.ReadToEndAsync(pair.Server));
        pair.Server.Dispose();
        Assert.IsType<RelayEnd.ClientClosed>(await pair.EndAsync());
        Assert.Equal((Query("SELECT 1").Length + 5, 6 + 50_011), (pair.Relay.BytesToServer, pair.Relay.BytesToClient));
    }

    [Fact]
    public async Task A_client_that_half_closes_still_gets_its_answer()
    {
        using var pair = await RelayPair.StartAsync();
        await pair.Client.SendAsync(Query("SELECT 1"));
        pair.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(Query("SELECT 1"), await RelayPair.ReadToEndAsync(pair.Server));
        await pair.Server.SendAsync(Join(Complete("SELECT 1"), Ready()));
        pair.Server.Shutdown(SocketShutdown.Send);
        Assert.Equal("C Z", Outline(await RelayPair.ReadToEndAsync(pair.Client)));
        pair.Client.Dispose();
        Assert.IsType<RelayEnd.ClientClosed>(await pair.EndAsync());
    }

    [Fact]
    public async Task A_client_that_is_lost_takes_the_server_connection_with_it()
    {
        using var pair = await RelayPair.StartAsync();
        await pair.Client.SendAsync(Query("SELECT 1"));
        await RelayPair.ReadAsync(pair.Server, Query("SELECT 1").Length);
        pair.Client.LingerState = new LingerOption(true, 0); // close with a reset
        pair.Client.Dispose();
        Assert.IsType<RelayEnd.ClientLost>(await pair.EndAsync());
        Assert.Empty(await RelayPair.ReadToEndAsync(pair.Server));
    }

    [Fact]
    public async Task A_server_that_is_lost_is_explained()
    {
        using var pair = await RelayPair.StartAsync(firstServerBytes: Ready());
        pair.Server.Dispose();
        var bytes = await RelayPair.ReadToEndAsync(pair.Client);
        Assert.Equal("Z E08006", Outline(bytes));
        pair.Client.Dispose();
        Assert.IsType<RelayEnd.ServerLost>(await pair.EndAsync());
    }

    [Fact]
    public async Task A_server_that_is_lost_inside_a_message_is_not_talked_into_it()
    {
        using var pair = await RelayPair.StartAsync();
        var half = Row(1000).AsMemory(0, 500);
        await pair.Server.SendAsync(half);
        pair.Server.Dispose();
        Assert.Equal(half.ToArray(), await RelayPair.ReadToEndAsync(pair.Client));
        pair.Client.Dispose();
        Assert.IsType<RelayEnd.ServerLost>(await pair.EndAsync());
    }

    [Fact]
    public async Task A_servers_own_farewell_is_the_only_one()
    {
        using var pair = await RelayPair.StartAsync();
        await pair.Server.SendAsync(ServerMessage.Fatal("57P01", "terminating connection").ToErrorResponse());
        pair.Server.Dispose();
        Assert.Equal("E57P01", Outline(await RelayPair.ReadToEndAsync(pair.Client)));
        pair.Client.Dispose();
        Assert.Equal(new RelayEnd.ServerClosed("57P01"), await pair.EndAsync());
    }

    [Fact]
    public async Task A_server_that_is_lost_after_an_interrupted_wait_leaves_the_outcome_unknown()
    {
        using var pair = await RelayPair.StartAsync();
        await pair.Server.SendAsync(InterruptedWait);
        pair.Server.Dispose();
        Assert.Equal("N E40003", Outline(await RelayPair.ReadToEndAsync(pair.Client)));
    }

    [Fact]
    public async Task An_idle_session_ends_at_once_with_the_reason()
    {
        using var pair = await RelayPair.StartAsync();
        pair.Relay.End(Reason);
        Assert.Equal(Reason.ToErrorResponse(), await RelayPair.ReadToEndAsync(pair.Client));
        Assert.Empty(await RelayPair.ReadToEndAsync(pair.Server));
        pair.Client.Dispose();
        Assert.Equal(new RelayEnd.Ended(Reason), await pair.EndAsync());
    }

    [Fact]
    public async Task A_session_inside_a_message_ends_behind_it()
    {
        using var pair = await RelayPair.StartAsync(grace: TimeSpan.FromSeconds(10));
        var row = Row(1000);
        await pair.Server.SendAsync(row.AsMemory(0, 500));
        await RelayPair.ReadAsync(pair.Client, 500);
        pair.Relay.End(Reason);
        await pair.Server.SendAsync(Join(row[500..], Complete("must not arrive")));
        var rest = await RelayPair.ReadToEndAsync(pair.Client);
        Assert.Equal("D E57P01", Outline([.. row[..500], .. rest]).Replace("C ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_whose_message_never_ends_is_cut_after_the_grace()
    {
        using var pair = await RelayPair.StartAsync();
        await pair.Server.SendAsync(Row(1000).AsMemory(0, 500));
        await RelayPair.ReadAsync(pair.Client, 500);
        pair.Relay.End(Reason);
        Assert.Equal(new RelayEnd.Ended(Reason), await pair.EndAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_after_the_grace()
    {
        using var pair = await RelayPair.StartAsync();
        var flood = Task.Run(async () =>
        {
            var rows = Join([.. Enumerable.Repeat(Row(10_000), 100)]);
            while (true)
            {
                await pair.Server.SendAsync(rows);
            }
        });
        await pair.Client.ReceiveAsync(new byte[1]);
        pair.Relay.End(Reason);
        Assert.Equal(new RelayEnd.Ended(Reason), await pair.EndAsync());
        await Assert.ThrowsAnyAsync<SocketException>(() => flood);
    }

    [Fact]
    public async Task A_slow_reader_stops_the_other_sides_writer()
    {
        using var pair = await RelayPair.StartAsync();
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var rows = Join([.. Enumerable.Repeat(Row(10_000), 100)]);
        var sent = 0L;
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            while (sent < 1_000_000_000)
            {
                sent += await pair.Server.SendAsync(rows, SocketFlags.None, enough.Token);
            }
        });
        Assert.True(sent < 100_000_000, "the relay must not buffer what nobody reads");
    }

    [Fact]
    public async Task A_patient_end_waits_for_the_transaction_and_an_urgent_one_overtakes_it()
    {
        using var pair = await RelayPair.StartAsync(firstServerBytes: Ready(TransactionStatus.InTransaction));
        await RelayPair.ReadAsync(pair.Client, 6);
        pair.Relay.EndWhenIdle(Reason);
        await pair.Client.SendAsync(Query("SELECT 1"));
        await RelayPair.ReadAsync(pair.Server, Query("SELECT 1").Length);
        await pair.Server.SendAsync(Ready(TransactionStatus.InTransaction));
        Assert.Equal(Ready(TransactionStatus.InTransaction), await RelayPair.ReadAsync(pair.Client, 6));
        var urgent = Reason with { Message = "terminating connection: now" };
        pair.Relay.End(urgent);
        Assert.Equal(urgent.ToErrorResponse(), await RelayPair.ReadToEndAsync(pair.Client));
    }

    [Fact]
    public async Task A_patient_end_comes_with_the_end_of_the_transaction()
    {
        using var pair = await RelayPair.StartAsync(firstServerBytes: Ready(TransactionStatus.InTransaction));
        await RelayPair.ReadAsync(pair.Client, 6);
        pair.Relay.EndWhenIdle(Reason);
        await pair.Client.SendAsync(Query("COMMIT"));
        await RelayPair.ReadAsync(pair.Server, Query("COMMIT").Length);
        Assert.True(pair.Relay.IsCommitting);
        await pair.Server.SendAsync(Join(Complete("COMMIT"), Ready()));
        Assert.Equal("C Z E57P01", Outline(await RelayPair.ReadToEndAsync(pair.Client)));
    }

    [Fact]
    public async Task A_client_that_breaks_the_protocol_is_told_and_ended()
    {
        using var pair = await RelayPair.StartAsync();
        await pair.Client.SendAsync(Join(Sync(), [(byte)'Q', 0, 0, 0, 1]));
        Assert.Equal("E08P01", Outline(await RelayPair.ReadToEndAsync(pair.Client)));
        Assert.Equal(Sync(), await RelayPair.ReadToEndAsync(pair.Server));
        pair.Client.Dispose();
        Assert.IsType<RelayEnd.Violation>(await pair.EndAsync());
    }
}
