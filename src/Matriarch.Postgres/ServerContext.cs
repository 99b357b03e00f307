using System.Collections.Concurrent;
using Matriarch.Core;
using Microsoft.Extensions.Logging;
using Npgsql;
using Npgsql.Replication;

namespace Matriarch.Postgres;

/// <summary>What the operations on one server share.</summary>
internal sealed class ServerContext : IAsyncDisposable
{
    public ServerContext(
        PostgresInstallation installation, PostgresOptions options, NodeId self, ServerPaths paths,
        ServerSecrets secrets,
        TimeProvider time, ILogger logger)
    {
        Installation = installation;
        Options = options;
        Self = self;
        Paths = paths;
        Secrets = secrets;
        Time = time;
        Logger = logger;
        User = OsUser.Resolve(options.OsUser);
        Directory = new DataDirectory(installation, paths, User, time);
        Configuration = new ServerConfiguration(installation, options, self, User);
        Dynamic = new DynamicConfiguration(paths, User, secrets);
        Timelines = new TimelineChain(paths, User);
        Processes = new PostmasterProcess(paths);
        Local = new RemoteServer(options.Host, options.Port, secrets, time);
        Endpoint = new SqlEndpoint(
            options.Host, options.Port, ServerSecrets.SuperuserName, secrets.SuperuserPassword,
            options.QueryDeadline + TimeSpan.FromSeconds(1));
        PatientEndpoint = new SqlEndpoint(
            options.Host, options.Port, ServerSecrets.SuperuserName, secrets.SuperuserPassword);
        Control = new(ConnectionKinds.Sql(Endpoint), time, OwnPids);
        Observer = new(ConnectionKinds.Sql(Endpoint), time, OwnPids);
        Replication = new(
            ConnectionKinds.Replication(new SqlEndpoint(
                options.Host, options.Port, ServerSecrets.ReplicationName, secrets.ReplicationPassword)),
            time, OwnPids);
        Spare = new SpareConnection(PatientEndpoint, OwnPids);
        Expected = new ExpectedUpstream(secrets, time);
        Books = new(ConnectionKinds.Sql(Endpoint), time, OwnPids);
    }

    public PostgresInstallation Installation { get; }
    public PostgresOptions Options { get; }
    public NodeId Self { get; }
    public ServerPaths Paths { get; }
    public ServerSecrets Secrets { get; }
    public TimeProvider Time { get; }
    public ILogger Logger { get; }
    public OsUser User { get; }
    public DataDirectory Directory { get; }
    public ServerConfiguration Configuration { get; }
    public DynamicConfiguration Dynamic { get; }
    public TimelineChain Timelines { get; }
    public PostmasterProcess Processes { get; }

    /// <summary>The own server over connections of their own: for what takes long.</summary>
    public RemoteServer Local { get; }

    public SqlEndpoint Endpoint { get; }

    /// <summary>For commits that wait for the quorum, however long that takes.</summary>
    public SqlEndpoint PatientEndpoint { get; }

    /// <summary>For operations.</summary>
    public SqlSession<NpgsqlConnection> Control { get; }

    /// <summary>For observations, so that an operation does not make the server look slow.</summary>
    public SqlSession<NpgsqlConnection> Observer { get; }

    /// <summary>For replication commands of a standby; a primary keeps none, so that its list of WAL senders names
    /// followers only.</summary>
    public SqlSession<PhysicalReplicationConnection> Replication { get; }

    /// <summary>For the commit of the rule row that follows a promotion.</summary>
    public SpareConnection Spare { get; }

    /// <summary>Whom this server will probably follow next.</summary>
    public ExpectedUpstream Expected { get; }

    /// <summary>For what is written for people, which never makes anything else wait.</summary>
    public SqlSession<NpgsqlConnection> Books { get; }

    /// <summary>Backends of the agent's own connections, which are no clients.</summary>
    public ConcurrentDictionary<int, byte> OwnPids { get; } = new();

    /// <summary>The attached postmaster; null when there is none.</summary>
    public PostmasterWatch? Watch { get; set; }

    /// <summary>Whether a commit was seen to wait under the present synchronous_standby_names of the present
    /// postmaster.</summary>
    public string? ProvenStandbyNames { get; set; }

    /// <summary>Tells the postmaster to read its files again; false when there is none.</summary>
    public bool Reload() => Watch is { Exited.IsCompleted: false } watch && Posix.Kill(watch.Pid, Posix.SigHup);

    /// <summary>Runs queries on the control connection within postgres.query-deadline.</summary>
    public Task<SqlResult<T>> QueryAsync<T>(
        Func<NpgsqlConnection, Task<T>> query, CancellationToken cancellation) =>
        Control.RunAsync(query, Options.QueryDeadline, cancellation);

    /// <summary>Closes what is kept open to the server; what comes next opens it again.</summary>
    public async Task CloseConnectionsAsync()
    {
        await Control.CloseAsync();
        await Observer.CloseAsync();
        await Replication.CloseAsync();
        await Books.CloseAsync();
        Spare.Close();
    }

    public async ValueTask DisposeAsync()
    {
        Watch?.Dispose();
        Expected.Forget();
        await CloseConnectionsAsync();
    }
}
