using Matriarch.Core;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// The connections of one reactor to one server, for one database and user. The one that was used last is used next,
/// so those that are not needed grow old and go. Clients are served in the order in which they came; while some wait,
/// no newcomer gets what comes back.
/// </summary>
internal sealed class ServerPool
{
    /// <summary>Idle connections that are looked at for one that carries the same.</summary>
    private const int MostCompared = 16;

    private readonly PoolOptions _options;
    /// <summary>Ways in which sessions begin that are remembered.</summary>
    private const int MostOpenings = 1000;

    private readonly Dictionary<string, Opening> _openings = new(StringComparer.Ordinal);
    private readonly List<PooledServer> _idle = []; // the last is the one that was used last
    private readonly WaitingLine _line;
    private readonly ReactorTimer _retry;
    private readonly ReactorTimer _age;
    private int _opening;
    private int _servers;
    private string? _lastFailure;
    private bool _isClosed;

    public ServerPool(Reactor reactor, PoolOptions options)
    {
        Invariant.Holds(options.Limits.PoolSize > 0, "a pool has room for a connection");
        (Reactor, _options) = (reactor, options);
        _line = new WaitingLine(reactor, options.Limits.WaitTimeout, TellWhyItWaited);
        _retry = new ReactorTimer(OpenForTheLine);
        _age = new ReactorTimer(CloseTheOldest);
    }

    /// <summary>Whose it is.</summary>
    public Reactor Reactor { get; }

    /// <summary>What people call the server.</summary>
    public string ServerName => _options.ServerName;

    /// <summary>Where the server listens.</summary>
    public System.Net.IPEndPoint Address => _options.Address;

    /// <summary>The role that its connections log in as.</summary>
    public byte[] User => _options.User;

    /// <summary>How long to ask or give what a session carries may take.</summary>
    public TimeSpan ExchangeTimeout => _options.Limits.ExchangeTimeout;

    /// <summary>Names, in lower case, of functions of the database that may change a session.</summary>
    public IReadOnlySet<string> StatefulFunctions { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Connections, those that are being opened included.</summary>
    public int Servers => _servers;

    /// <summary>Connections that wait for a client.</summary>
    public int Idle => _idle.Count;

    /// <summary>Clients that wait for a connection.</summary>
    public int Waiting => _line.Count;

    /// <summary>Clients that have not left.</summary>
    public int Clients { get; private set; }

    /// <summary>How sessions begin that ask for these settings; null when that was not found out yet.</summary>
    public Opening? KnownOpening(string asked) => _openings.GetValueOrDefault(asked);

    /// <summary>Remembers it.</summary>
    public void Remember(string asked, Opening opening)
    {
        if (_openings.Count >= MostOpenings)
        {
            _openings.Clear(); // found out again, one by one
        }

        _openings[asked] = opening;
    }

    /// <summary>A client belongs to it from now on.</summary>
    public void Join() => Clients++;

    /// <summary>A client has gone.</summary>
    public void Leave(PooledClient client)
    {
        Clients--;
        _line.Remove(client);
    }

    /// <summary>
    /// An idle connection, of those that were used last rather one that carries the same; null when there is none, or
    /// others have waited longer.
    /// </summary>
    public PooledServer? TryTake(CarriedState carried)
    {
        if (_line.Count > 0 || _idle.Count == 0 || _isClosed)
        {
            return null;
        }

        var at = _idle.Count - 1;
        for (var i = at; i >= 0 && i > at - MostCompared; i--)
        {
            if (_idle[i].Carried.Key == carried.Key)
            {
                at = i;
                break;
            }
        }

        var server = _idle[at];
        _idle.RemoveAt(at);
        return server;
    }

    /// <summary>Puts a client into the line; the pool grants it a connection or refuses it.</summary>
    public void Enqueue(PooledClient client)
    {
        if (_isClosed || _line.Count >= _options.Limits.MostWaiting)
        {
            client.Refuse(_isClosed
                ? ServerMessage.Fatal(SqlState.AdminShutdown, $"the pool of {ServerName} is closed")
                : ServerMessage.Fatal(
                    SqlState.TooManyConnections, $"too many clients wait for a connection to {ServerName}",
                    $"At most {_options.Limits.MostWaiting} may wait."));
            return;
        }

        _line.Add(client);
        OpenForTheLine();
    }

    /// <summary>A connection at the edge of a transaction comes back.</summary>
    public void GiveBack(PooledServer server)
    {
        if (_isClosed)
        {
            server.Finish();
        }
        else if (_line.TryTake() is { } client)
        {
            client.Grant(server);
        }
        else
        {
            server.IdleSince = Reactor.Now;
            _idle.Add(server);
            if (_options.Limits.IdleTimeout > TimeSpan.Zero && !_age.IsSet)
            {
                Reactor.Set(_age, _options.Limits.IdleTimeout);
            }
        }
    }

    /// <summary>A connection is closed; one that was never opened does not count.</summary>
    public void Forget(PooledServer server)
    {
        if (!server.IsPooled)
        {
            return;
        }

        server.IsPooled = false;
        _servers--;
        _idle.Remove(server);
        OpenForTheLine();
    }

    /// <summary>
    /// An idle server has said something: a FATAL error before it closes, a notice, a setting that was reloaded. What
    /// else it says cannot be told apart from an answer to somebody who has gone, so it is never used again.
    /// </summary>
    public void OnUnasked(PooledServer server, ReadOnlySpan<byte> bytes)
    {
        while (MessageHeader.TryRead(bytes, out var header) == HeaderRead.Ok && bytes.Length >= header.TotalLength
            && header.Code is BackendCode.NoticeResponse or BackendCode.ParameterStatus)
        {
            bytes = bytes[header.TotalLength..];
        }

        if (!bytes.IsEmpty)
        {
            _idle.Remove(server);
            server.Finish();
        }
    }

    /// <summary>Closes idle connections, and busy ones when they come back; whoever waits is refused.</summary>
    public void Close(ServerMessage reason)
    {
        _isClosed = true;
        Reactor.Timers.Remove(_retry);
        Reactor.Timers.Remove(_age);
        foreach (var server in _idle.ToArray())
        {
            server.Finish();
        }

        _idle.Clear();
        while (_line.TryTake() is { } client)
        {
            client.Refuse(reason);
        }
    }

    /// <summary>As many as wait, within the bound, and after a failure one at a time.</summary>
    private void OpenForTheLine()
    {
        while (!_isClosed && !_retry.IsSet && _servers < _options.Limits.PoolSize && _opening < _line.Count
            && (_lastFailure is null || _opening == 0))
        {
            _ = OpenAsync();
        }
    }

    private async Task OpenAsync()
    {
        _servers++;
        _opening++;
        var server = new PooledServer(Reactor, this);
        var failure = await ServerOpening.RunAsync(server, _options);
        _opening--;
        if (failure is null)
        {
            _lastFailure = null;
            server.IsPooled = true;
            GiveBack(server);
            OpenForTheLine();
            return;
        }

        _servers--;
        _lastFailure = failure.Why;
        server.Break();
        if (failure.IsFinal)
        {
            while (_line.TryTake() is { } client)
            {
                client.Refuse(failure.ForClient(ServerName));
            }
        }
        else if (!_isClosed)
        {
            Reactor.Set(_retry, _options.Limits.RetryInterval);
        }
    }

    private ServerMessage TellWhyItWaited() => ServerMessage.Fatal(
        SqlState.CannotConnectNow,
        _lastFailure is null
            ? $"no connection to {ServerName} became free within {_options.Limits.WaitTimeout.TotalSeconds:0.#} s"
            : $"cannot connect to {ServerName}: {_lastFailure}",
        _lastFailure is null ? $"All {_options.Limits.PoolSize} connections of the pool were in use." : null);

    private void CloseTheOldest()
    {
        var due = Reactor.Now - _options.Limits.IdleTimeout;
        while (_idle.Count > 0 && _idle[0].IdleSince <= due)
        {
            var server = _idle[0];
            _idle.RemoveAt(0);
            server.Finish();
        }

        if (_idle.Count > 0)
        {
            Reactor.Timers.Set(_age, _idle[0].IdleSince + _options.Limits.IdleTimeout);
        }
    }
}
