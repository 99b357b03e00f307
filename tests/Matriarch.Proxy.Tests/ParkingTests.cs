using System.Net.Sockets;
using Matriarch.Wire;
using static Matriarch.Proxy.Tests.Messages;

namespace Matriarch.Proxy.Tests;

/// <summary>Taking a session off its relay at a transaction edge, and going on with it.</summary>
public sealed class ParkingTests
{
    [Fact]
    public async Task An_idle_session_is_parked_at_once_with_both_connections_open()
    {
        using var pair = await RelayPair.StartAsync();
        await IntroduceAsync(pair);

        pair.Relay.Park(true);

        var parked = Assert.IsType<RelayEnd.Parked>(await pair.EndAsync()).Session;
        Assert.Empty(parked.ClientBytes);
        await parked.Server.SendAsync(Query("from the one who parked it"));
        Assert.Equal("Q", Outline(await RelayPair.ReadAsync(pair.Server, Query("from the one who parked it").Length)));
    }

    [Fact]
    public async Task A_request_that_runs_is_finished_first_and_what_follows_it_stays_unsent()
    {
        using var pair = await RelayPair.StartAsync();
        await IntroduceAsync(pair);
        await pair.Client.SendAsync(Query("one"));
        await RelayPair.ReadAsync(pair.Server, Query("one").Length);

        pair.Relay.Park(true);
        await pair.Client.SendAsync(Query("two"));
        Assert.True(pair.Relay.IsParkPending); // the server may not have read it
        await pair.Server.SendAsync(Join(Complete("X"), Ready()));

        var parked = Assert.IsType<RelayEnd.Parked>(await pair.EndAsync()).Session;
        Assert.Equal("C Z", Outline(await RelayPair.ReadAsync(pair.Client, Join(Complete("X"), Ready()).Length)));
        Assert.True(parked.ClientBytes is [] || parked.ClientBytes.SequenceEqual(Query("two")));
        Assert.Equal(0, pair.Server.Available);
    }

    [Fact]
    public async Task A_transaction_goes_on_to_its_end()
    {
        using var pair = await RelayPair.StartAsync();
        await IntroduceAsync(pair);
        await AnswerAsync(pair, Query("BEGIN"), Ready(TransactionStatus.InTransaction));
        pair.Relay.Park(true);
        await AnswerAsync(pair, Query("INSERT"), Ready(TransactionStatus.InTransaction));
        await AnswerAsync(pair, Query("wrong"), Ready(TransactionStatus.Failed));
        Assert.False(pair.Running.IsCompleted);
        await AnswerAsync(pair, Query("COMMIT"), Ready());
        Assert.IsType<RelayEnd.Parked>(await pair.EndAsync());
    }

    [Fact]
    public async Task A_pipelined_client_comes_to_an_edge_between_two_requests()
    {
        using var pair = await RelayPair.StartAsync();
        await IntroduceAsync(pair);
        await AnswerAsync(pair, Query("BEGIN"), Ready(TransactionStatus.InTransaction));
        pair.Relay.Park(true);

        // All in one piece: the end of the transaction, and more that must not reach this server.
        await pair.Client.SendAsync(Join(Query("COMMIT"), Query("two"), Query("BEGIN")));
        Assert.Equal(Query("COMMIT"), await RelayPair.ReadAsync(pair.Server, Query("COMMIT").Length));
        await pair.Server.SendAsync(Ready());

        var parked = Assert.IsType<RelayEnd.Parked>(await pair.EndAsync()).Session;
        Assert.Equal(Join(Query("two"), Query("BEGIN")), parked.ClientBytes);
        Assert.Equal(0, pair.Server.Available);
    }

    [Fact]
    public async Task A_copy_is_let_through_to_its_end()
    {
        using var pair = await RelayPair.StartAsync();
        await IntroduceAsync(pair);
        await pair.Client.SendAsync(Query("COPY t FROM STDIN"));
        await RelayPair.ReadAsync(pair.Server, Query("COPY t FROM STDIN").Length);
        pair.Relay.Park(true);
        await pair.Server.SendAsync(Message(BackendCode.CopyInResponse, "\0\0\0"));
        await RelayPair.ReadAsync(pair.Client, Message(BackendCode.CopyInResponse, "\0\0\0").Length);
        var data = Join(Message(FrontendCode.CopyData, "row"), Message(FrontendCode.CopyDone));
        await pair.Client.SendAsync(data);
        Assert.Equal(data, await RelayPair.ReadAsync(pair.Server, data.Length));
        await pair.Server.SendAsync(Join(Complete("COPY 1"), Ready()));
        Assert.IsType<RelayEnd.Parked>(await pair.EndAsync());
    }

    [Fact]
    public async Task An_unnamed_statement_that_was_prepared_and_not_used_is_waited_for()
    {
        using var pair = await RelayPair.StartAsync();
        await IntroduceAsync(pair);
        await AnswerAsync(pair, Join(Parse("", "SELECT 1"), Sync()), Ready());
        pair.Relay.Park(true);
        await AnswerAsync(pair, Join(Bind("", ""), Execute(""), Sync()), Ready());
        var parked = Assert.IsType<RelayEnd.Parked>(await pair.EndAsync()).Session;
        Assert.Null(parked.Stream.Settings.Obstacle);
    }

    [Fact]
    public async Task An_unnamed_statement_that_is_used_again_keeps_the_session_from_being_moved()
    {
        using var pair = await RelayPair.StartAsync();
        await IntroduceAsync(pair);
        await AnswerAsync(pair, Join(Parse("", "SELECT 1"), Bind("", ""), Execute(""), Sync()), Ready());
        await AnswerAsync(pair, Join(Bind("", ""), Execute(""), Sync()), Ready());
        pair.Relay.Park(true);
        var parked = Assert.IsType<RelayEnd.Parked>(await pair.EndAsync()).Session;
        Assert.IsType<StateAnswer.Unmovable>(await parked.AskAsync("me"u8.ToArray(), CancellationToken.None));
    }

    [Fact]
    public async Task A_wish_that_is_taken_back_lets_the_client_go_on()
    {
        using var pair = await RelayPair.StartAsync();
        await IntroduceAsync(pair);
        await AnswerAsync(pair, Query("BEGIN"), Ready(TransactionStatus.InTransaction));
        pair.Relay.Park(true);
        Assert.False(pair.Relay.IsParkPending); // the server knows
        await pair.Client.SendAsync(Join(Query("one"), Query("two")));
        Assert.Equal(Query("one"), await RelayPair.ReadAsync(pair.Server, Query("one").Length));
        pair.Relay.Park(false);
        Assert.Equal(Query("two"), await RelayPair.ReadAsync(pair.Server, Query("two").Length));
    }

    [Fact]
    public async Task A_login_is_let_through_to_its_end()
    {
        using var pair = await RelayPair.StartAsync();
        pair.Relay.Park(true);
        Assert.True(pair.Relay.IsParkPending);
        await pair.Client.SendAsync(Message(FrontendCode.Password, "secret\0"));
        await RelayPair.ReadAsync(pair.Server, Message(FrontendCode.Password, "secret\0").Length);
        await pair.Server.SendAsync(Ready());
        Assert.IsType<RelayEnd.Parked>(await pair.EndAsync());
    }

    [Fact]
    public async Task A_server_that_dies_while_the_client_waits_ends_the_session()
    {
        using var pair = await RelayPair.StartAsync();
        await IntroduceAsync(pair);
        await pair.Client.SendAsync(Query("one"));
        await RelayPair.ReadAsync(pair.Server, Query("one").Length);
        pair.Relay.Park(true);
        await pair.Client.SendAsync(Query("two"));
        pair.Server.Dispose();
        Assert.IsType<RelayEnd.ServerLost>(await pair.EndAsync());
    }

    [Fact]
    public async Task A_client_that_goes_in_the_same_moment_is_not_parked()
    {
        using var pair = await RelayPair.StartAsync();
        await IntroduceAsync(pair);
        pair.Client.Dispose();
        pair.Relay.Park(true);
        var end = await Task.WhenAny(pair.EndAsync(), Task.Delay(TimeSpan.FromSeconds(5)));
        Assert.True(pair.Running.IsCompleted && end.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_resumed_session_sends_first_what_the_client_had_sent()
    {
        using var pair = await RelayPair.StartAsync();
        await IntroduceAsync(pair);
        await AnswerAsync(pair, Query("BEGIN"), Ready(TransactionStatus.InTransaction));
        pair.Relay.Park(true);
        await pair.Client.SendAsync(Join(Query("COMMIT"), Query("next")));
        await RelayPair.ReadAsync(pair.Server, Query("COMMIT").Length);
        await pair.Server.SendAsync(Ready());
        var parked = Assert.IsType<RelayEnd.Parked>(await pair.EndAsync()).Session;
        await RelayPair.ReadAsync(pair.Client, 2 * Ready().Length);

        using var second = await pair.ResumeAsync(parked);

        Assert.Equal(Query("next"), await RelayPair.ReadAsync(second.Server, Query("next").Length));
        await second.Server.SendAsync(Join(Complete("X"), Ready()));
        Assert.Equal("C Z", Outline(await RelayPair.ReadAsync(pair.Client, Join(Complete("X"), Ready()).Length)));
        second.Relay.Park(true);
        Assert.IsType<RelayEnd.Parked>(await second.EndAsync());
    }

    private static async Task IntroduceAsync(RelayPair pair)
    {
        await pair.Server.SendAsync(Ready());
        await RelayPair.ReadAsync(pair.Client, Ready().Length);
    }

    private static async Task AnswerAsync(RelayPair pair, byte[] request, byte[] answer)
    {
        await pair.Client.SendAsync(request);
        Assert.Equal(request, await RelayPair.ReadAsync(pair.Server, request.Length));
        await pair.Server.SendAsync(answer);
    }
}
