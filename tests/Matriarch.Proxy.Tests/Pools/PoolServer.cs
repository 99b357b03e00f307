using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Matriarch.TestKit;
using Matriarch.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Matriarch.Proxy.Tests;

/// <summary>A real PostgreSQL, and a front with pools of connections to it on one reactor.</summary>
internal sealed class PoolServer : IAsyncDisposable
{
    private readonly PoolFront _front;

    private PoolServer(
        OwnedPostgres postgres, byte[] clientKey, Func<PoolLimits, PoolLimits> limits,
        Func<FrontOptions, FrontOptions> change)
    {
        Postgres = postgres;
        _front = new PoolFront(
            change(new FrontOptions
            {
                Listen = new IPEndPoint(IPAddress.Loopback, 0),
                Backend = new IPEndPoint(IPAddress.Loopback, postgres.Port),
                BackendName = "the server",
                Login = new KnownLogin(clientKey),
                Limits = limits(new PoolLimits { PoolSize = 2 }),
                Reactors = 1,
            }),
            TestTime.Real, NullLogger<Reactor>.Instance);
    }

    public OwnedPostgres Postgres { get; }

    public static async Task<PoolServer> StartAsync(
        Func<PoolLimits, PoolLimits>? limits = null, Func<FrontOptions, FrontOptions>? change = null)
    {
        var postgres = await OwnedPostgres.StartAsync();
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'", connection);
        var verifier = (string)(await command.ExecuteScalarAsync())!;
        return new PoolServer(postgres, ClientKey(verifier, postgres.Password), limits ?? (o => o), change ?? (o => o));
    }

    /// <summary>A client past its login, and what it heard until then.</summary>
    public async Task<PoolTestClient> ConnectAsync(params (string Name, string Value)[] parameters)
    {
        var client = new PoolTestClient(await OpenAsync());
        await client.SendAsync(StartupMessage.Create(
            ProtocolVersion.Version30, [("user", "postgres"), .. parameters]).Encode());
        client.Welcome = await client.AnswerAsync();
        return client;
    }

    /// <summary>A connection on which nothing was said yet.</summary>
    public async Task<Socket> OpenAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(_front.Address);
        return socket;
    }

    /// <summary>What the pool looks like.</summary>
    public async Task<(int Servers, int Idle, int Waiting, int Clients)> LookAsync()
    {
        var pools = await _front.DescribeAsync();
        return (
            pools.Sum(p => p.Servers), pools.Sum(p => p.Idle), pools.Sum(p => p.Waiting), pools.Sum(p => p.Clients));
    }

    /// <summary>Runs a statement beside the pool.</summary>
    public async Task<T> AskAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        _front.Dispose();
        await Postgres.DisposeAsync();
    }

    private static byte[] ClientKey(string verifier, string password)
    {
        var parts = verifier.Split('$', ':');
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), Convert.FromBase64String(parts[2]),
            int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32);
        return HMACSHA256.HashData(salted, "Client Key"u8);
    }

    private sealed class KnownLogin(byte[] clientKey) : IClientLogin
    {
        public ValueTask<LoginOutcome?> RunAsync(ReactorConnection client, StartupMessage startup) =>
            ValueTask.FromResult<LoginOutcome?>(new LoginOutcome(clientKey, null));
    }
}
