using System.Net.Sockets;
using Matriarch.Wire;
using static Matriarch.Proxy.Tests.Messages;

namespace Matriarch.Proxy.Tests;

/// <summary>Refusing what a client begins, between two transactions and nowhere else.</summary>
public sealed class AdmissionTests
{
    private static readonly ServerMessage Refusal = ServerMessage.Fatal(SqlState.AdminShutdown, "too late");
    private static readonly byte[] Setting = Message(BackendCode.ParameterStatus, "a\0b\0");
    private static readonly byte[] Login = Message(FrontendCode.Password, "secret\0");
    private volatile bool _refuses;

    [Fact]
    public async Task A_transaction_that_begins_too_late_never_reaches_the_server()
    {
        using var pair = await StartAsync();
        await AnswerAsync(pair, Query("SELECT 1"), Ready());
        _refuses = true;
        await pair.Client.SendAsync(Query("SELECT 2"));

        Assert.Equal(Refusal, Assert.IsType<RelayEnd.Ended>(await pair.EndAsync()).Reason);
        Assert.Equal(
            Outline(Refusal.ToErrorResponse()),
            Outline(await RelayPair.ReadAsync(pair.Client, Refusal.ToErrorResponse().Length)));
        Assert.Equal(0, await pair.Server.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task A_session_that_only_idles_meanwhile_goes_on_afterwards()
    {
        using var pair = await StartAsync();
        _refuses = true;
        await pair.Server.SendAsync(Setting);
        await RelayPair.ReadAsync(pair.Client, Setting.Length);
        _refuses = false;
        await AnswerAsync(pair, Query("SELECT 1"), Ready());
        Assert.False(pair.Running.IsCompleted);
    }

    [Fact]
    public async Task A_transaction_that_has_begun_goes_on_to_its_end()
    {
        using var pair = await StartAsync();
        await AnswerAsync(pair, Query("BEGIN"), Ready(TransactionStatus.InTransaction));
        _refuses = true;
        await AnswerAsync(pair, Query("SELECT 1"), Ready(TransactionStatus.InTransaction));
        await AnswerAsync(pair, Query("wrong"), Ready(TransactionStatus.Failed));
        await AnswerAsync(pair, Query("COMMIT"), Ready());
        await pair.Client.SendAsync(Query("SELECT 2"));
        Assert.IsType<RelayEnd.Ended>(await pair.EndAsync());
    }

    [Fact]
    public async Task A_request_of_the_extended_protocol_that_has_begun_is_let_through_piece_by_piece()
    {
        using var pair = await StartAsync();
        byte[][] pieces = [Parse("", "SELECT 1"), Bind("", ""), Execute(""), Sync()];
        await pair.Client.SendAsync(pieces[0]);
        await RelayPair.ReadAsync(pair.Server, pieces[0].Length);
        _refuses = true;
        foreach (var piece in pieces[1..])
        {
            await pair.Client.SendAsync(piece);
            await RelayPair.ReadAsync(pair.Server, piece.Length);
        }

        Assert.False(pair.Running.IsCompleted);
    }

    [Fact]
    public async Task A_login_is_not_refused_half_way()
    {
        _refuses = true;
        using var pair = await RelayPair.StartAsync(admission: Ask);
        await pair.Client.SendAsync(Login);
        await RelayPair.ReadAsync(pair.Server, Login.Length);
        Assert.False(pair.Running.IsCompleted);
    }

    private ServerMessage? Ask() => _refuses ? Refusal : null;

    private async Task<RelayPair> StartAsync()
    {
        var pair = await RelayPair.StartAsync(admission: Ask);
        await pair.Server.SendAsync(Ready());
        await RelayPair.ReadAsync(pair.Client, Ready().Length);
        return pair;
    }

    private static async Task AnswerAsync(RelayPair pair, byte[] request, byte[] answer)
    {
        await pair.Client.SendAsync(request);
        await RelayPair.ReadAsync(pair.Server, request.Length);
        await pair.Server.SendAsync(answer);
        await RelayPair.ReadAsync(pair.Client, answer.Length);
    }
}
