using System.Collections.Immutable;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Postgres;

/// <summary>
/// The control of one local PostgreSQL server: its data directory, its processes, its configuration, and what it says
/// of itself.
/// </summary>
/// <remarks>
/// <para>It always starts as a standby that follows whom it is told to, or nobody; only <see cref="PromoteAsync"/>
/// makes it a primary. The postmaster is no child of the agent and outlives it.</para>
/// <para>The caller runs one operation at a time; <see cref="ObserveAsync"/>, <see cref="WriteRuleAsync"/> and
/// <see cref="StopAsync"/> may run beside another. An operation whose server is stopped under it ends with a
/// failure.</para>
/// </remarks>
public sealed partial class PostgresServer : IAsyncDisposable
{
    private readonly ServerContext _context;
    private readonly Lifecycle _lifecycle;
    private readonly Positions _positions;
    private readonly StrayHistories _strays;
    private readonly Following _following;

    /// <summary>Only takes note; nothing is touched before <see cref="PrepareAsync"/>.</summary>
    /// <exception cref="UserException">There is no such OS user to run PostgreSQL as.</exception>
    public PostgresServer(
        PostgresInstallation installation,
        PostgresOptions options,
        NodeId self,
        string nodeDirectory,
        ServerSecrets secrets,
        TimeProvider time,
        ILogger<PostgresServer> logger)
    {
        Self = self;
        Paths = new ServerPaths(RealPath.Resolve(nodeDirectory));
        _context = new ServerContext(installation, options, self, Paths, secrets, time, logger);
        _lifecycle = new Lifecycle(_context);
        _positions = new Positions(_context);
        _strays = new StrayHistories(_context, _lifecycle);
        _following = new Following(_context, _positions, _strays);
        Books = new Bookkeeping(_context);
        LogicalSlots = new LogicalSlots(_context);
        SlotCopying = new SlotCopying(_context, LogicalSlots);
    }

    /// <summary>This node.</summary>
    public NodeId Self { get; }

    /// <summary>Primary: what it keeps in the database for people.</summary>
    public Bookkeeping Books { get; }

    /// <summary>Its logical slots, and those of the primary that it follows.</summary>
    public LogicalSlots LogicalSlots { get; }

    /// <summary>The way of logical slots from a primary to a standby.</summary>
    public SlotCopying SlotCopying { get; }

    /// <summary>Where its files are.</summary>
    public ServerPaths Paths { get; }

    /// <summary>The running postmaster; null when none is attached.</summary>
    public int? PostmasterPid => _context.Watch is { Exited.IsCompleted: false } watch ? watch.Pid : null;

    /// <summary>Completes when the attached postmaster has ended; already complete when none is attached.</summary>
    public Task Exited => _context.Watch?.Exited ?? Task.CompletedTask;

    /// <summary>
    /// Makes the node directory ready: creates it for the OS user, checks that this user can reach it, and clears what
    /// a crash in the middle of an initialization or a copy left behind.
    /// </summary>
    /// <exception cref="UserException">The directory cannot be made, or the OS user cannot reach it.</exception>
    public Task PrepareAsync(CancellationToken cancellation)
    {
        // With a live server there is nothing to clear, and its files are not to be touched.
        Adopt();
        return _context.Directory.PrepareAsync(PostmasterPid is null, cancellation);
    }

    /// <summary>What is in the data directory. Exact while the server is stopped.</summary>
    public Task<DataDirectoryState> InspectAsync(CancellationToken cancellation) =>
        _context.Directory.InspectAsync(cancellation);

    /// <summary>The position that a rewind took the node back from, while it may still be behind it; null
    /// otherwise.</summary>
    public WalPosition? RewoundFrom => _context.Directory.ReadRewound();

    /// <summary>Forgets <see cref="RewoundFrom"/>, once the node is past it.</summary>
    public void ForgetRewoundFrom() => DurableFile.Delete(Paths.Rewound);

    /// <summary>
    /// Makes the first data directory of an instance, with the first rule in it. It appears whole or not at all.
    /// </summary>
    /// <returns>The identity of the new instance.</returns>
    /// <exception cref="UserException">There is data already, or initdb failed; nothing half-made is left.</exception>
    public async Task<SystemIdentifier> InitializeAsync(Rule initialRule, CancellationToken cancellation)
    {
        var system = await new Initialization(_context).RunAsync(initialRule, cancellation);
        Log.Initialized(_context.Logger, Self, system);
        return system;
    }

    /// <summary>What keeps PostgreSQL's own log bounded.</summary>
    public LogRotation RotationOf(LogOptions options) =>
        new(Paths.Log, _context.User, options, _context.Time, _context.Logger);

    /// <summary>Attaches to a postmaster that already runs on the data directory, if there is one.</summary>
    /// <returns>Its process id; null when none runs.</returns>
    public int? Adopt()
    {
        if (PostmasterPid is { } attached)
        {
            return attached;
        }

        var pid = _lifecycle.Adopt();
        if (pid is { } adopted)
        {
            Log.Adopted(_context.Logger, Self, adopted);
        }

        return pid;
    }

    /// <summary>Starts PostgreSQL as a standby; waits until it accepts connections. Attaches when it runs
    /// already.</summary>
    /// <param name="upstream">Whom to follow from the beginning (needed after a rewind); null to follow nobody.</param>
    /// <param name="deadline">Until it accepts connections; null for postgres.start-deadline.</param>
    public async Task<StartOutcome> StartAsync(
        Upstream? upstream, TimeSpan? deadline, CancellationToken cancellation)
    {
        var outcome = await _lifecycle.StartAsync(upstream, deadline ?? _context.Options.StartDeadline, cancellation);
        switch (outcome)
        {
            case StartOutcome.Running running:
                Log.Started(_context.Logger, Self, running.PostmasterPid);
                if (!running.RemovedSettings.IsEmpty)
                {
                    Log.RemovedSettings(_context.Logger, Self, string.Join(' ', running.RemovedSettings));
                }

                break;
            case StartOutcome.Failed failed:
                Log.StartFailed(_context.Logger, Self, failed.Reason, failed.LogTail);
                break;
            default:
                break;
        }

        return outcome;
    }

    /// <summary>Stops PostgreSQL for certain, by harder means when the softer ones take too long.</summary>
    /// <param name="mode">What to begin with.</param>
    /// <param name="deadline">How long <paramref name="mode"/> may take before the next.</param>
    public async Task<StopOutcome> StopAsync(ShutdownMode mode, TimeSpan deadline)
    {
        var outcome = await _lifecycle.StopAsync(mode, deadline);
        Log.Stopped(_context.Logger, Self, outcome);
        return outcome;
    }

    /// <summary>One look at the server, over one persistent connection and in one round trip.</summary>
    public async Task<Observation> ObserveAsync(CancellationToken cancellation)
    {
        var result = await _context.Observer.RunAsync(SnapshotQuery.RunAsync, _context.Options.QueryDeadline,
            cancellation);
        return result.IsSuccess ? new Observation.Seen(result.Value)
            : result.Failure.IsConnect ? new Observation.CannotConnect(result.Failure.Reason, result.Failure.IsStarting)
            : new Observation.QueryFailed(result.Failure.Reason);
    }

    /// <summary>
    /// The exact end of this server's WAL: of a standby what is replayed, with the timeline of replay; of a primary
    /// what is durable. Null when it cannot be read.
    /// </summary>
    public async Task<WalPosition?> ReadPositionAsync(CancellationToken cancellation)
    {
        var result = await _positions.ReadAsync(_context.Options.QueryDeadline, cancellation);
        return result.IsSuccess ? result.Value : null;
    }

    /// <summary>Standby: stops following for certain, replays what has arrived, and reads the exact position.</summary>
    public async Task<DetachOutcome> DetachAsync(TimeSpan deadline, CancellationToken cancellation)
    {
        var outcome = await new Detachment(_context, _positions).RunAsync(deadline, cancellation);
        Log.Detached(_context.Logger, Self, outcome);
        return outcome;
    }

    /// <summary>Says whom it will probably be told to follow: a connection to it is made ahead. Follows nobody
    /// yet.</summary>
    public void ExpectUpstream(Upstream upstream) => _context.Expected.Expect(upstream);

    /// <summary>Standby: follows the upstream from now on. Returns when the server was told to, not when WAL
    /// flows.</summary>
    /// <param name="upstream">Whom.</param>
    /// <param name="decided">What <see cref="DecideRejoinAsync"/> found out about it, while nobody is followed.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ServerOutcome> FollowAsync(
        Upstream upstream, RejoinDecision.CanFollow decided, CancellationToken cancellation) =>
        _following.FollowAsync(upstream, decided, cancellation);

    /// <summary>
    /// Standby: takes back what <see cref="FollowAsync"/> has set to be quick, once WAL flows. Costs nothing when
    /// there is nothing to take back.
    /// </summary>
    public ServerOutcome SettleFollowing(ServerSnapshot seen) => _following.Settle(seen);

    /// <summary>How this running standby can come to follow the upstream.</summary>
    /// <param name="upstream">Whom.</param>
    /// <param name="own">The end of its WAL, where a detachment has told it and nobody was followed since; read when
    /// null.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<RejoinDecision> DecideRejoinAsync(
        Upstream upstream, WalPosition? own, CancellationToken cancellation) =>
        _following.DecideAsync(upstream, own, cancellation);

    /// <summary>Standby: becomes a primary on exactly this timeline.</summary>
    public async Task<PromoteOutcome> PromoteAsync(Timeline target, TimeSpan deadline, CancellationToken cancellation)
    {
        // What was proven of the synchronous wait was proven of a standby, which has no commits.
        _context.ProvenStandbyNames = null;
        _context.Expected.Forget();
        var outcome = await new Promotion(_context, _positions, _strays).RunAsync(target, deadline, cancellation);
        Log.Promoted(_context.Logger, Self, target, outcome);
        return outcome;
    }

    /// <summary>
    /// Sets synchronous_standby_names to ANY <paramref name="quorum"/> of the names, or to nothing when the quorum is
    /// 0. On a primary it returns only after a commit was seen to wait under the new setting.
    /// </summary>
    /// <param name="quorum">Standbys that must acknowledge, 0 to the number of names.</param>
    public Task<ServerOutcome> SetSynchronousStandbysAsync(
        int quorum, ImmutableArray<NodeId> standbys, TimeSpan deadline, CancellationToken cancellation) =>
        new SynchronousStandbys(_context).SetAsync(quorum, standbys, deadline, cancellation);

    /// <summary>Primary: commits the rule row through the quorum. Waits as long as the quorum takes; cancel to give
    /// up.</summary>
    /// <param name="rule">The row.</param>
    /// <param name="waits">False: the commit returns once it is durable here, whoever else has it.</param>
    /// <param name="onStage">Told once whether the commit is seen to wait.</param>
    /// <param name="cancellation">Gives up; the row may be there all the same.</param>
    public Task<RuleWriteOutcome> WriteRuleAsync(
        Rule rule, bool waits, Action<RuleWriteStage>? onStage, CancellationToken cancellation) =>
        new RuleWriter(_context).WriteAsync(rule, waits, onStage, cancellation);

    /// <summary>
    /// Takes the data back to the fork with the upstream, by pg_rewind. Stops the server first. After a failure the
    /// data directory is unusable and has to be copied.
    /// </summary>
    /// <param name="before">The node's position, which it has to reach again before it counts.</param>
    public async Task<ServerOutcome> RewindAsync(
        Upstream upstream, WalPosition before, TimeSpan deadline, CancellationToken cancellation)
    {
        var outcome = await new Rewind(_context, _lifecycle).RunAsync(upstream, before, deadline, cancellation);
        Log.Rewound(_context.Logger, Self, upstream, outcome);
        return outcome;
    }

    /// <summary>
    /// Replaces the data by a fresh copy of the upstream's. Stops the server first (its WAL receiver holds the slot
    /// that the copy needs); the old data stays in place until the copy is complete. Never replaces data of another
    /// instance, or data whose instance cannot be told.
    /// </summary>
    public async Task<ServerOutcome> CopyAsync(
        Upstream upstream, IProgress<CopyProgress>? progress, TimeSpan deadline, CancellationToken cancellation)
    {
        var outcome = await new BaseBackup(_context, _lifecycle).RunAsync(upstream, progress, deadline, cancellation);
        Log.Copied(_context.Logger, Self, upstream, outcome);
        return outcome;
    }

    /// <summary>Creates the missing slots of the followers and drops Matriarch's slots of all other nodes.</summary>
    public Task<ServerOutcome> EnsureSlotsAsync(IReadOnlyCollection<NodeId> followers,
        CancellationToken cancellation) =>
        new ReplicationSlots(_context).EnsureAsync(followers, cancellation);

    /// <summary>Standby: moves the slots of other followers forward, never past the own replay position.</summary>
    public Task<ServerOutcome> AdvanceSlotsAsync(
        IReadOnlyDictionary<NodeId, Lsn> positions, CancellationToken cancellation) =>
        new ReplicationSlots(_context).AdvanceAsync(positions, cancellation);

    /// <summary>Closes connections and watches; PostgreSQL goes on running.</summary>
    public async ValueTask DisposeAsync()
    {
        await LogicalSlots.DisposeAsync();
        await _context.DisposeAsync();
    }
}
