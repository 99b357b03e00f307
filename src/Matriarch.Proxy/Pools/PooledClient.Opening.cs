using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>From a proven login to the first ReadyForQuery.</summary>
internal sealed partial class PooledClient
{
    private TaskCompletionSource<PooledServer?>? _borrowing; // continues inside the grant, on this thread
    private ServerMessage? _refusal;
    private Opening? _opening;

    /// <summary>
    /// Begins the session in a pool. Invalid settings end it with the server's own error; a pool without connections
    /// lets it wait in its line.
    /// </summary>
    /// <param name="pool">The server connections that it shares.</param>
    /// <param name="settings">What its startup packet asks for.</param>
    /// <param name="welcome">Messages before the settings that servers report: AuthenticationOk.</param>
    /// <param name="key">By which it cancels.</param>
    public async Task OpenAsync(
        ServerPool pool, IReadOnlyList<(byte[] Name, byte[] Value)> settings, byte[] welcome, CancelKey key)
    {
        Pool = pool;
        _watch = new StatementWatch(() => pool.StatefulFunctions);
        _clientStream = new ClientStream(watch: _watch);
        pool.Join();
        foreach (var (name, _) in settings)
        {
            _clientStream.Settings.NoteName(name);
        }

        var asked = CarriedState.Of(new SessionState
        {
            Settings = settings, Statements = [], Channels = [], Reported = new Dictionary<string, string>(),
        });
        _isExchanging = true;
        var opening = pool.KnownOpening(asked.Key) ?? await FindOpeningAsync(pool, asked);
        _isExchanging = false;
        if (_isOver || opening is null)
        {
            End(_refusal ?? ServerMessage.Fatal(
                SqlState.ConnectionFailure, $"the connection to {pool.ServerName} was lost"));
            return;
        }

        (_opening, _carried, _told) = (opening, opening.Carried, opening.Reported);
        SendDown(welcome);
        foreach (var (name, value) in opening.Reported)
        {
            SendDown(new ParameterStatus(name, value).ToMessage());
        }

        SendDown(key.ToBackendKeyData());
        SendDown(ReadyForQuery.Encode(TransactionStatus.Idle));
        Reactor.Again(this);
    }

    private async Task<Opening?> FindOpeningAsync(ServerPool pool, CarriedState asked)
    {
        if (await BorrowAsync(pool) is not { } server)
        {
            return null;
        }

        server.SetDeadline(pool.ExchangeTimeout);
        var opening = await OpenOnAsync(server, asked);
        server.ClearDeadline();
        Server = null;
        server.Client = null;
        if (server.IsOpen)
        {
            pool.GiveBack(server);
        }
        else
        {
            pool.Forget(server);
        }

        if (opening is not null)
        {
            pool.Remember(asked.Key, opening);
        }

        return opening;
    }

    private async Task<Opening?> OpenOnAsync(PooledServer server, CarriedState asked)
    {
        var given = await StateExchange.GiveAsync(server, asked);
        if (given.Reported is null)
        {
            _refusal = given.Failure;
            server.Carry(CarriedState.Unknown, server.Reported);
            return null;
        }

        var first = server.FirstReported;
        if (asked.State is null)
        {
            server.Carry(CarriedState.Nothing, given.Reported);
            return new Opening(
                CarriedState.Nothing, [], new Dictionary<string, string>(first, StringComparer.Ordinal));
        }

        server.Carry(CarriedState.Unknown, given.Reported);
        if (await StateExchange.AskAsync(server, server.Pool.User, _clientStream.Settings, bytes => SendDown(bytes))
            is not StateAnswer.Told told)
        {
            return null;
        }

        server.Carry(CarriedState.Of(told.State), told.State.Reported);
        var reported = first.ToDictionary(
            r => r.Key, r => told.State.Reported.GetValueOrDefault(r.Key, r.Value), StringComparer.Ordinal);
        return new Opening(server.Carried, told.State.Settings, reported);
    }

    private async Task<PooledServer?> BorrowAsync(ServerPool pool)
    {
        if (pool.TryTake(CarriedState.Nothing) is { } idle)
        {
            Link(idle);
            return idle;
        }

        _borrowing = new TaskCompletionSource<PooledServer?>();
        IsWaiting = true;
        pool.Enqueue(this);
        var server = await _borrowing.Task;
        _borrowing = null;
        return server;
    }

    /// <summary>After RESET a session carries what it asked for when it began, not what the server has.</summary>
    private CarriedState WithBaseline(SessionState told)
    {
        var missing = (_opening?.Baseline ?? []).Where(b =>
            !told.Settings.Any(s => s.Name.AsSpan().SequenceEqual(b.Name))).ToList();
        return CarriedState.Of(missing.Count == 0 ? told : told with { Settings = [.. told.Settings, .. missing] });
    }
}
