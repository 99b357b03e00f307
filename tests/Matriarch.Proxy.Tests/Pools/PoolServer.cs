using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Matriarch.TestKit;
using Matriarch.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Matriarch.Proxy.Tests;

/// <summary>A real PostgreSQL, a pool of connections to it on one reactor, and a port behind which clients are past
/// their login.</summary>
internal sealed class PoolServer : IAsyncDisposable
{
    private readonly EchoServer _front;
    private readonly TaskCompletionSource<ServerPool> _pool = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PoolServer(
        OwnedPostgres postgres, byte[] clientKey, IReadOnlyDictionary<string, string> told,
        Func<PoolOptions, PoolOptions> change)
    {
        Postgres = postgres;
        ServerPool? pool = null;
        var options = change(new PoolOptions
        {
            ServerName = "the server",
            Address = new IPEndPoint(IPAddress.Loopback, postgres.Port),
            Startup = Startup(),
            User = "postgres"u8.ToArray(),
            ClientKey = clientKey,
            MostServers = 2,
        });
        _front = new EchoServer(
            NullLogger<Reactor>.Instance,
            reactor =>
            {
                pool ??= new ServerPool(reactor, options);
                _pool.TrySetResult(pool);
                return new PooledClient(reactor, pool, told);
            });
    }

    public OwnedPostgres Postgres { get; }

    public static async Task<PoolServer> StartAsync(Func<PoolOptions, PoolOptions>? change = null)
    {
        var postgres = await OwnedPostgres.StartAsync();
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'", connection);
        var verifier = (string)(await command.ExecuteScalarAsync())!;
        var told = new Dictionary<string, string>(connection.PostgresParameters, StringComparer.Ordinal)
        {
            ["application_name"] = "",
        };
        return new PoolServer(postgres, ClientKey(verifier, postgres.Password), told, change ?? (o => o));
    }

    public async Task<PoolTestClient> ConnectAsync() => new(await _front.ConnectAsync());

    /// <summary>What the pool looks like; asked on its reactor.</summary>
    public async Task<(int Servers, int Idle, int Waiting, int Clients)> LookAsync()
    {
        var pool = await _pool.Task;
        return await _front.RunAsync(() => (pool.Servers, pool.Idle, pool.Waiting, pool.Clients));
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

    private static byte[] Startup()
    {
        var body = Encoding.ASCII.GetBytes("\0\x3\0\0user\0postgres\0database\0postgres\0\0");
        var packet = new byte[4 + body.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(packet, packet.Length);
        body.CopyTo(packet, 4);
        return packet;
    }

    private static byte[] ClientKey(string verifier, string password)
    {
        var parts = verifier.Split('$', ':');
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), Convert.FromBase64String(parts[2]),
            int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32);
        return HMACSHA256.HashData(salted, "Client Key"u8);
    }
}
