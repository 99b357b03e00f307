using System.Collections.Immutable;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Postgres;

/// <summary>
/// The control of one local PostgreSQL server: its data directory, its processes, its configuration, and what it says of itself.
/// </summary>
/// <remarks>
/// <para>It always starts as a standby that follows whom it is told to, or nobody; only <see cref="PromoteAsync"/> makes it a
/// primary. The postmaster is no child of the agent and outlives it.</para>
/// <para>The caller runs one operation at a time; <see cref="ObserveAsync"/>, <see cref="WriteRuleAsync"/> and
/// <see cref="StopAsync"/> may run beside another. An operation whose server is stopped under it ends with a failure.</para>
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    public PostgresServer(
        PostgresInstallation installation,
        PostgresOptions options,
        NodeId self,
        string nodeDirectory,
        ServerSecrets secrets,
        TimeProvider time,
        ILogger<PostgresServer> logger)
    {
        Paths = new ServerPaths(Path.GetFullPath(nodeDirectory));
        Self = self;
        throw new NotSupportedException();
    }

    /// <summary>This node.</summary>
    public NodeId Self { get; }

    /// <summary>Where its files are.</summary>
    public ServerPaths Paths { get; }

    /// <summary>The running postmaster; null when none is attached.</summary>
    public int? PostmasterPid => throw new NotSupportedException();

    /// <summary>Completes when the attached postmaster has ended; already complete when none is attached.</summary>
    public Task Exited => throw new NotSupportedException();

    /// <summary>
    /// Makes the node directory ready: creates it for the OS user, checks that this user can reach it, and clears what a crash
    /// in the middle of an initialization or a copy left behind.
    /// </summary>
    /// <exception cref="UserException">The directory cannot be made, or the OS user cannot reach it.</exception>
    public Task PrepareAsync(CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>What is in the data directory. Exact while the server is stopped.</summary>
    public Task<DataDirectoryState> InspectAsync(CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>The position that a rewind took the node back from, while it may still be behind it; null otherwise.</summary>
    public WalPosition? RewoundFrom => throw new NotSupportedException();

    /// <summary>Forgets <see cref="RewoundFrom"/>, once the node is past it.</summary>
    public void ForgetRewoundFrom() => throw new NotSupportedException();

    /// <summary>
    /// Makes the first data directory of an instance, with the first rule in it. It appears whole or not at all.
    /// </summary>
    /// <returns>The identity of the new instance.</returns>
    /// <exception cref="UserException">There is data already, or initdb failed; nothing half-made is left.</exception>
    public Task<SystemIdentifier> InitializeAsync(Rule initialRule, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Attaches to a postmaster that already runs on the data directory, if there is one.</summary>
    /// <returns>Its process id; null when none runs.</returns>
    public int? Adopt() => throw new NotSupportedException();

    /// <summary>Starts PostgreSQL as a standby; waits until it accepts connections. Attaches when it runs already.</summary>
    /// <param name="upstream">Whom to follow from the beginning (needed after a rewind); null to follow nobody.</param>
    /// <param name="deadline">Until it accepts connections; null for postgres.start-deadline.</param>
    public Task<StartOutcome> StartAsync(Upstream? upstream, TimeSpan? deadline, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Stops PostgreSQL for certain, by harder means when the softer ones take too long.</summary>
    /// <param name="mode">What to begin with.</param>
    /// <param name="deadline">How long <paramref name="mode"/> may take before the next.</param>
    public Task<StopOutcome> StopAsync(ShutdownMode mode, TimeSpan deadline) => throw new NotSupportedException();

    /// <summary>One look at the server, over one persistent connection and in one round trip.</summary>
    public Task<Observation> ObserveAsync(CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>
    /// The exact end of this server's WAL: of a standby what is replayed, with the timeline of replay; of a primary what is
    /// durable. Null when it cannot be read.
    /// </summary>
    public Task<WalPosition?> ReadPositionAsync(CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Standby: stops following for certain, replays what has arrived, and reads the exact position.</summary>
    public Task<DetachOutcome> DetachAsync(TimeSpan deadline, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Standby: follows the upstream from now on. Returns when the server was told to, not when WAL flows.</summary>
    public Task<ServerOutcome> FollowAsync(Upstream upstream, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>How this running standby can come to follow the upstream.</summary>
    public Task<RejoinDecision> DecideRejoinAsync(Upstream upstream, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Standby: becomes a primary on exactly this timeline.</summary>
    public Task<PromoteOutcome> PromoteAsync(Timeline target, TimeSpan deadline, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>
    /// Sets synchronous_standby_names to ANY <paramref name="quorum"/> of the names, or to nothing when the quorum is 0. On a
    /// primary it returns only after a commit was seen to wait under the new setting.
    /// </summary>
    /// <param name="quorum">Standbys that must acknowledge, 0 to the number of names.</param>
    public Task<ServerOutcome> SetSynchronousStandbysAsync(
        int quorum, ImmutableArray<NodeId> standbys, TimeSpan deadline, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Primary: commits the rule row through the quorum. Waits as long as the quorum takes; cancel to give up.</summary>
    public Task<RuleWriteOutcome> WriteRuleAsync(
        Rule rule, Action<RuleWriteStage>? onStage, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>
    /// Takes the data back to the fork with the upstream, by pg_rewind. Stops the server first. After a failure the data
    /// directory is unusable and has to be copied.
    /// </summary>
    /// <param name="before">The node's position, which it has to reach again before it counts.</param>
    public Task<ServerOutcome> RewindAsync(
        Upstream upstream, WalPosition before, TimeSpan deadline, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>
    /// Replaces the data by a fresh copy of the upstream's. Stops the server before the swap, not before the copy. Never
    /// replaces data of another instance, or data whose instance cannot be told.
    /// </summary>
    public Task<ServerOutcome> CopyAsync(
        Upstream upstream, IProgress<CopyProgress>? progress, TimeSpan deadline, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Creates the missing slots of the followers and drops Matriarch's slots of all other nodes.</summary>
    public Task<ServerOutcome> EnsureSlotsAsync(IReadOnlyCollection<NodeId> followers, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Standby: moves the slots of other followers forward, never past the own replay position.</summary>
    public Task<ServerOutcome> AdvanceSlotsAsync(
        IReadOnlyDictionary<NodeId, Lsn> positions, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Ends every client connection but the agent's own.</summary>
    /// <returns>How many; null when the server could not be asked.</returns>
    public Task<int?> TerminateClientsAsync(CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Writes a checkpoint now.</summary>
    public Task<ServerOutcome> CheckpointAsync(TimeSpan deadline, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>Closes connections and watches; PostgreSQL goes on running.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
