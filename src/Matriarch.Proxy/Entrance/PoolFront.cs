using System.Net;
using System.Net.Sockets;
using Matriarch.Wire;
using Microsoft.Extensions.Logging;

namespace Matriarch.Proxy;

/// <summary>
/// Takes clients at one address, lets them in, and serves them from pools of connections to one server, transaction by
/// transaction.
/// </summary>
internal sealed class PoolFront : IDisposable
{
    private static readonly TimeSpan ExhaustedPause = TimeSpan.FromMilliseconds(100);

    private readonly FrontOptions _options;
    private readonly ReactorGroup _reactors;
    private readonly Dictionary<Reactor, PoolDirectory> _pools;
    private readonly CancelKeys _keys = new();
    private readonly Acceptor _acceptor;
    private int _clients;

    /// <exception cref="SocketException">The address is in use, or none of this machine.</exception>
    public PoolFront(FrontOptions options, TimeProvider time, ILogger<Reactor> logger)
    {
        _options = options;
        var listening = SocketCalls.Listen(options.Listen, backlog: 1024);
        Address = SocketCalls.LocalAddress(listening, options.Listen.AddressFamily);
        _reactors = new ReactorGroup(options.Reactors, "clients", time, logger);
        var share = Math.Max(1, options.Limits.PoolSize / _reactors.All.Count);
        _pools = _reactors.All.ToDictionary(r => r, r => new PoolDirectory(r, options, share));
        _acceptor = new Acceptor(_reactors.All[0], listening, Accept);
        _reactors.All[0].Post(() => _acceptor.Attach(listening));
    }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Clients that have not left.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>What the pools of all reactors look like.</summary>
    public async Task<IReadOnlyList<PoolStatus>> DescribeAsync()
    {
        var all = new List<PoolStatus>();
        foreach (var (reactor, pools) in _pools)
        {
            all.AddRange(await OnAsync(reactor, pools.Describe));
        }

        return all;
    }

    /// <summary>Takes no more clients, ends those that do nothing, and closes their connections; then all
    /// others.</summary>
    public async Task StopAsync()
    {
        await OnAsync(_reactors.All[0], () =>
        {
            _acceptor.Close();
            return true;
        });
        foreach (var (reactor, pools) in _pools)
        {
            await OnAsync(reactor, () =>
            {
                pools.Close(ServerMessage.Fatal(SqlState.AdminShutdown, "the gateway is shutting down"));
                return true;
            });
        }
    }

    public void Dispose()
    {
        StopAsync().Wait();
        _reactors.Dispose();
    }

    private static async Task<T> OnAsync<T>(Reactor reactor, Func<T> call)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        reactor.Post(() => done.SetResult(call()));
        return await done.Task;
    }

    private void Accept(int descriptor)
    {
        var reactor = _reactors.Fewest();
        reactor.Post(() => _ = ServeAsync(reactor, descriptor));
    }

    private async Task ServeAsync(Reactor reactor, int descriptor)
    {
        CancelKey? key = null;
        var isCounted = false;
        var client = new PooledClient(reactor, () =>
        {
            if (isCounted)
            {
                Interlocked.Decrement(ref _clients);
            }

            if (key is not null)
            {
                _keys.Remove(key);
            }
        });
        client.Attach(descriptor);
        client.Prepare();
        client.SetDeadline(_options.LoginTimeout);
        switch (await StartupExchange.ReadAsync(client))
        {
            case StartupPacket.Startup startup:
                isCounted = true;
                if (Interlocked.Increment(ref _clients) > _options.MostClients)
                {
                    client.End(ServerMessage.Fatal(
                        SqlState.TooManyConnections, "sorry, too many clients already",
                        $"At most {_options.MostClients} are served."));
                    return;
                }

                key = _keys.Add(client, startup.Message.Version);
                await EnterAsync(client, startup.Message, key);
                break;
            case StartupPacket.CancelRequest cancel:
                await CancelAsync(cancel.Key);
                client.End(null);
                break;
            case StartupPacket.Malformed malformed:
                client.End(ServerMessage.Fatal(malformed.SqlState, malformed.Message));
                break;
            default:
                client.End(null);
                break;
        }
    }

    private async Task EnterAsync(PooledClient client, StartupMessage startup, CancelKey key)
    {
        if (startup.Find("user"u8) is not { IsEmpty: false } user)
        {
            client.End(ServerMessage.Fatal(
                SqlState.InvalidAuthorization, "no PostgreSQL user name specified in startup packet"));
            return;
        }

        if (startup.Find("replication"u8) is not null)
        {
            client.End(ServerMessage.Fatal(
                SqlState.FeatureNotSupported, "replication connections are not pooled",
                hint: "Connect to the server itself."));
            return;
        }

        var (settings, refusal) = StartupOptions.Read(startup);
        if (await _options.Login.RunAsync(client, startup) is not { } login)
        {
            client.End(null);
            return;
        }

        if ((login.Refusal ?? refusal) is { } reason)
        {
            client.End(reason);
            return;
        }

        client.ClearDeadline();
        var database = startup.Find("database"u8) is { IsEmpty: false } named ? named : user;
        var pool = _pools[client.Reactor].Get(database.ToArray(), user.ToArray(), login.ClientKey);
        await client.OpenAsync(pool, settings, Welcome(startup), key);
    }

    /// <summary>AuthenticationOk, and before it what of the protocol is not spoken.</summary>
    private static byte[] Welcome(StartupMessage startup)
    {
        var unknown = startup.Parameters.Where(p => p.Name.Span.StartsWith("_pq_."u8))
            .Select(p => System.Text.Encoding.UTF8.GetString(p.Name.Span)).ToList();
        byte[] ok = [BackendCode.Authentication, 0, 0, 0, 8, 0, 0, 0, 0];
        return startup.Version.Minor == 0 && unknown.Count == 0
            ? ok
            : [.. new NegotiateProtocolVersion(ProtocolVersion.Version30, [.. unknown]).Encode(), .. ok];
    }

    private async Task CancelAsync(CancelKey key)
    {
        if (_keys.Find(key) is not { } client)
        {
            return;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Reactor.Post(() => _ = RunAsync());
        await done.Task;

        async Task RunAsync()
        {
            await client.CancelAsync();
            done.SetResult();
        }
    }

    private sealed class Acceptor : ReactorSocket
    {
        private readonly int _listening;
        private readonly Action<int> _accepted;
        private readonly ReactorTimer _again;

        public Acceptor(Reactor reactor, int listening, Action<int> accepted)
            : base(reactor)
        {
            (_listening, _accepted) = (listening, accepted);
            _again = new ReactorTimer(OnReady);
        }

        protected override void OnReady()
        {
            while (SocketCalls.Accept(_listening, out var isExhausted) is var client)
            {
                if (client is { } descriptor)
                {
                    _accepted(descriptor);
                    continue;
                }

                if (isExhausted)
                {
                    Reactor.Set(_again, ExhaustedPause); // no edge comes for those that wait already
                }

                return;
            }
        }
    }
}
