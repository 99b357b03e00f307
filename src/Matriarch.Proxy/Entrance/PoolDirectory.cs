using System.Text;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>The pools of one reactor: one for each database and user that was asked for.</summary>
/// <param name="reactor">Whose they are.</param>
/// <param name="options">Of the front.</param>
/// <param name="share">Server connections of a pool.</param>
internal sealed class PoolDirectory(Reactor reactor, FrontOptions options, int share)
{
    private readonly Dictionary<string, (ServerPool Pool, string Database)> _pools = new(StringComparer.Ordinal);

    /// <summary>What they look like; on their reactor.</summary>
    public IReadOnlyList<PoolStatus> Describe() =>
    [
        .. _pools.Values.Select(p => new PoolStatus(
            p.Database, Encoding.UTF8.GetString(p.Pool.User), p.Pool.Servers, p.Pool.Idle, p.Pool.Waiting,
            p.Pool.Clients)),
    ];

    /// <summary>Closes all connections that nobody uses, and the others when they come back.</summary>
    public void Close(ServerMessage reason)
    {
        foreach (var (pool, _) in _pools.Values)
        {
            pool.Close(reason);
        }
    }

    /// <summary>The pool of a user and a database, made when there is none.</summary>
    public ServerPool Get(byte[] database, byte[] user, byte[]? clientKey)
    {
        // The key too: after a change of the password old connections are for nobody new.
        var name = string.Join(
            '/', Convert.ToHexString(database), Convert.ToHexString(user), Convert.ToHexString(clientKey ?? []));
        if (!_pools.TryGetValue(name, out var known))
        {
            known = (new ServerPool(reactor, new PoolOptions
            {
                ServerName = options.BackendName,
                Address = options.Backend,
                Startup = Startup(database, user),
                User = user,
                ClientKey = clientKey,
                Limits = options.Limits with { PoolSize = share },
            }), Encoding.UTF8.GetString(database));
            _pools.Add(name, known);
        }

        return known.Pool;
    }

    private static byte[] Startup(byte[] database, byte[] user) => new StartupMessage(
        ProtocolVersion.Version30,
        [
            new StartupMessage.Parameter("user"u8.ToArray(), user),
            new StartupMessage.Parameter("database"u8.ToArray(), database),
        ]).Encode();
}
