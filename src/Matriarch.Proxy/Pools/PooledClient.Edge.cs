using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// Between two transactions: what the session carries goes with it. Nothing is guessed: after statements that may have
/// changed it the server is asked, before the connection goes to anybody else; a session that carries what only its own
/// connection has (a temporary table) keeps that one until it does no more.
/// </summary>
internal sealed partial class PooledClient
{
    private CarriedState _carried = CarriedState.Nothing;
    // What servers report, as the client knows it. Replaced, never changed: most clients share theirs.
    private Dictionary<string, string> _told = new(StringComparer.Ordinal);


    private bool _isPinnedForGood;
    private int _cancelsUnderWay; // a cancel may still reach the backend
    private bool _isExchanging; // the server is asked or given something, and is awaited

    /// <summary>Why only its own connection can serve it; null when any can.</summary>
    public string? Pin { get; private set; }

    /// <summary>No answer is outstanding and no transaction open: the connection goes back, if it may.</summary>
    private void ReachEdge(PooledServer server)
    {
        if (_cancelsUnderWay > 0)
        {
            return; // ReleaseAfterCancel
        }

        var effects = _watch.Take();
        if (effects.HasFlag(StatementEffects.LeavesUnseen))
        {
            _isPinnedForGood = true;
            Pin ??= "a statement of it (LOAD, setseed, dblink_connect) leaves behind what no server tells";
        }

        if (_isPinnedForGood)
        {
            return;
        }

        if (effects.HasFlag(StatementEffects.ChangesSession))
        {
            _ = AskAsync(server);
        }
        else if (Pin is null)
        {
            Unlink(server);
        }
    }

    /// <summary>The edge may have been reached while a cancel was under way.</summary>
    private void ReleaseAfterCancel()
    {
        if (_cancelsUnderWay == 0 && !_isOver && !_isExchanging && Server is { } server
            && _serverStream.IsAtBoundary && _ledger.IsBetweenTransactions)
        {
            ReachEdge(server);
            Reactor.Again(this);
        }
    }

    private async Task AskAsync(PooledServer server)
    {
        _isExchanging = true;
        server.SetDeadline(Pool.ExchangeTimeout);
        var answer = await StateExchange.AskAsync(
            server, Pool.User, _clientStream.Settings, bytes => SendDown(bytes));
        server.ClearDeadline();
        _isExchanging = false;
        if (_isOver)
        {
            server.Finish();
            return;
        }

        switch (answer)
        {
            case StateAnswer.Told told:
                Pin = null;
                _carried = WithBaseline(told.State);
                Learn(told.State.Reported); // the client was told when it changed
                server.Carry(CarriedState.Of(told.State), told.State.Reported);
                Unlink(server);
                break;
            case StateAnswer.Unmovable unmovable:
                Pin = unmovable.Why;
                break;
            case StateAnswer.Lost:
                OnServerLost(); // which has told the client, unless the deadline did it
                return;
        }

        Reactor.Again(this);
    }

    private async Task GiveAsync(PooledServer server)
    {
        _isExchanging = true;
        server.SetDeadline(Pool.ExchangeTimeout);
        var given = await StateExchange.GiveAsync(server, _carried);
        server.ClearDeadline();
        _isExchanging = false;
        if (given.Reported is { } reported)
        {
            server.Carry(_carried, reported);
        }

        if (_isOver)
        {
            server.Finish();
            return;
        }

        if (given.Failure is { } failure)
        {
            End(failure);
            return;
        }

        Tell(given.Reported!);
        _isGranted = true;
        Reactor.Again(this);
    }

    private void Learn(IReadOnlyDictionary<string, string> reported)
    {
        if (reported.Any(r => _told.TryGetValue(r.Key, out var known) && known != r.Value))
        {
            // Most clients know the same all their life, and share it.
            _told = _told.ToDictionary(
                t => t.Key, t => reported.GetValueOrDefault(t.Key, t.Value), StringComparer.Ordinal);
        }
    }

    /// <summary>Settings that this server reports, and that the client believes to be otherwise.</summary>
    private void Tell(IReadOnlyDictionary<string, string> reported)
    {
        foreach (var (name, value) in reported)
        {
            if (_told.TryGetValue(name, out var known) && known != value)
            {
                SendDown(new ParameterStatus(name, value).ToMessage());
            }
        }

        Learn(reported);
    }

    private void Unlink(PooledServer server)
    {
        Server = null;
        server.Client = null;
        Pool.GiveBack(server);
    }
}
