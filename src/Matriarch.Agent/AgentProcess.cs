using System.Security.Cryptography;
using Matriarch.Client;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;
using Matriarch.Topology;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

/// <summary>
/// The agent process: one node with its PostgreSQL, its voice in the consensus, its HTTP API. This class only puts the
/// parts together and takes them apart again.
/// </summary>
public sealed partial class AgentProcess
{
    private static readonly TimeSpan HandoverLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LastWordsLimit = TimeSpan.FromSeconds(2);

    private readonly AgentSettings _settings;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly ILogger<AgentProcess> _logger;
    private readonly TaskCompletionSource<PostgresAtShutdown> _shutdown =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="settings">Validated options.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <param name="time">Monotonic time, and the wall clock for people.</param>
    public AgentProcess(AgentSettings settings, ILoggerFactory loggers, TimeProvider time)
    {
        (_settings, _loggers, _time) = (settings, loggers, time);
        _logger = loggers.CreateLogger<AgentProcess>();
    }

    /// <summary>
    /// Runs until cancelled (SIGTERM: PostgreSQL is stopped; a leader hands over first) or asked over the API to end.
    /// </summary>
    /// <exception cref="UserException">The agent cannot start; nothing was changed.</exception>
    /// <exception cref="InvariantException">A safety invariant was violated; the process must end.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var secrets = AgentSecrets.Read(_settings.Secrets.Directory);
        var installation = await PostgresInstallation.FindAsync(_settings.Postgres.BinDirectory, _time, cancellation);
        var self = new NodeId(_settings.Node.Name);
        await using var server = new PostgresServer(
            installation, _settings.Postgres, self, _settings.Node.Directory, secrets.Server, _time,
            _loggers.CreateLogger<PostgresServer>());
        await server.PrepareAsync(cancellation);
        using var ownership = NodeLock.Take(_settings.Node.Directory);
        var file = new IdentityFile(Path.Combine(_settings.Node.Directory, IdentityFile.FileName));
        var (identity, warning) = file.LoadOrCreate();
        await using var store = await TopologyStores.OpenAsync(
            _settings.Topology, _settings.Cluster.Id, _time, _loggers, cancellation);
        await using var cellStore = await TopologyStores.OpenCellAsync(
            _settings.Topology, _settings.Cluster.Id, _settings.Node.EffectiveCell(), _time, _loggers, cancellation);
        var directory = new InstanceDirectory(store, _settings.Cluster.Instance);
        var cell = cellStore is null ? null : new InstanceDirectory(cellStore, _settings.Cluster.Instance);
        await NameClaim.RequireFreeAsync(
            self, _settings.Api.Listen, identity.Incarnation, secrets.ApiToken,
            cell is null ? [directory] : [directory, cell], cancellation);
        await RunWithAsync(new Start(self, secrets, server, file, identity, warning, directory, cell), cancellation);
    }

    private async Task RunWithAsync(Start start, CancellationToken cancellation)
    {
        var self = start.Self;
        var peers = new PeerDirectory(
            self, _settings.Consensus.MaxNodes, Path.Combine(_settings.Node.Directory, "peers.json"), _time);
        peers.Load();
        var (loop, driver) = ((ConsensusLoop?)null, (Driver?)null);
        var (slots, carrier) = ((SlotParts?)null, (CellCarrier?)null);
        var staleness = new StalenessTracker(_time);
        void Post(ConsensusEvent happened) => loop!.Post(happened);
        LoopSnapshot Decided() => loop?.Snapshot ?? LoopSnapshot.Nothing;
        DriverReport Seen() => driver?.Report ?? DriverReport.Nothing;
        var pause = new PauseRegister(self, _settings.Node.Directory, Post);
        var state = new AgentState(
            _settings, start.Identity.Incarnation, peers, Decided, Seen, () => pause.State,
            () => slots?.Turns.Facts(), () => carrier?.IsUsable ?? false, staleness.Draw);
        var feed = new LeadershipFeed(_settings.Cluster.Instance, self, state, Decided, _time);
        var events = new EventOutbox(start.Directory, self, _time, _loggers.CreateLogger<EventOutbox>());
        using var transport = Transport(start, peers, state, (node, where) => events.Add(
            "duplicate-name", NoticeSeverity.Error, loop?.Snapshot.Known.Term ?? Term.None,
            $"a second node {node} is refused: it speaks from {where}"));
        var promises = new PromiseWriter(start.File, start.Identity, Post);
        var traits = new NodeTraits(
            _settings.Node.Observer, _settings.Node.Priority, _settings.Node.EffectiveCell());
        var bootstrap = BootstrapOf(start, traits, peers);
        slots = Slots(start, peers, Decided, Seen, pause, events);
        using var driving = driver = new Driver(
            start.Server, self, peers, promises, bootstrap, events, Post, () => IsHurried(loop!, state),
            () => pause.State.IsPaused,
            new DrainQuestions(
                () => loop!.Snapshot.Phase == LeadershipPhase.Draining, () => feed.HaveGatewaysParked()),
            new DriverSlots(slots.Carrier, slots.Turns), _time, _loggers.CreateLogger<Driver>());
        (var publication, carrier) = Publish(start, state, peers, Decided, Post);
        var table = new EventTableWriter(
            start.Directory, start.Server.Books, Decided, _settings.Postgres.EventRows, _time,
            _loggers.CreateLogger<EventTableWriter>());
        var sink = new EffectSink(transport, promises, driver, publication, feed, events);
        using var running = loop = new ConsensusLoop(
            self, start.Identity.Incarnation, traits, _settings.Consensus, start.Identity.Promise,
            new SeededRandom(RandomNumberGenerator.GetInt32(int.MaxValue)), sink, _time,
            _loggers.CreateLogger<ConsensusLoop>());
        var switchovers = new SwitchoverRequests(
            self, _settings.Cluster.Instance, start.Secrets.ApiToken, state, peers, loop, sink,
            driver.PrepareHandoverAsync, _time);
        var facts = new FactBoard(
            new PictureSource(
                self, state, peers, Decided, Seen, () => pause.State, () => publication.Faults,
                () => slots.Keeper.Report, _settings.Consensus.MaxJoinLagBytes, _time),
            self, events, start.Directory, _time);
        var health = new HealthEndpoints(new NodeHealthSource(
            _settings, start.Identity.Incarnation, state, Decided, Seen, _time));
        var operators = new OperatorApi(_settings.Cluster.Instance, new OperatorRequests(
            self, _settings.Cluster.Instance, start.Secrets.ApiToken, state, peers, loop, sink, start.Directory,
            _time), pause);
        var api = new AgentApi(
            _settings, start.Secrets.ApiToken, state, facts, health, start.Directory, loop, switchovers, operators,
            new LeadershipApi(feed, start.Server, self, () => staleness.Current(driver.Report)),
            postgres => _shutdown.TrySetResult(postgres), _loggers.CreateLogger<AgentApi>());
        await using var web = await api.StartAsync(cancellation);
        TellStart(start, events);
        var parts = new Parts(
            loop, driver, publication, events, promises, transport, peers, switchovers, facts, table, pause,
            slots.Keeper, start.Server.RotationOf(_settings.Log), staleness);
        await RunPartsAsync(parts, cancellation);
    }

    private void TellStart(Start start, EventOutbox events)
    {
        if (start.Warning is { } warning)
        {
            events.Add("promises-lost", NoticeSeverity.Error, Term.None, warning);
        }

        LogStarted(start.Self, Environment.ProcessId);
    }

    private Bootstrap BootstrapOf(Start start, NodeTraits traits, PeerDirectory peers) => new(
        start.Directory, start.CellDirectory, start.Self, start.Identity.Incarnation, traits,
        DurabilityPolicy.Parse(_settings.Consensus.Durability), peers);

    /// <summary>What publishes to the global store and to that of the cell.</summary>
    private (Publication All, CellCarrier? Carrier) Publish(
        Start start, AgentState state, PeerDirectory peers, Func<LoopSnapshot> loop, Action<ConsensusEvent> post)
    {
        var register = new GlobalRegister(
            start.Self, peers, node => loop().Rule?.HasVoter(node) == true, post);
        var carrier = start.CellDirectory is null ? null : new CellCarrier(
            start.CellDirectory, start.Self, _settings.Node.EffectiveCell(), state, loop, register, peers, _time);
        Publisher To(InstanceDirectory directory, INodeReader reader) => new(
            directory, start.Self, state.Record, reader, _time, _loggers.CreateLogger<Publisher>());
        return (
            new Publication(
                To(start.Directory, register), carrier is null ? null : To(start.CellDirectory!, carrier)),
            carrier);
    }

    private SlotParts Slots(
        Start start, PeerDirectory peers, Func<LoopSnapshot> loop, Func<DriverReport> driver, PauseRegister pause,
        EventOutbox events) => new(
        start.Server, !_settings.Node.Observer, _settings.Postgres, peers, loop, driver, () => pause.State.IsPaused,
        events, _time, _loggers);

    private UdpTransport Transport(
        Start start, PeerDirectory peers, AgentState state, Action<NodeId, string> duplicate) => new(
        ListenAddress.Parse(_settings.Heartbeat.Listen),
        new Envelope(start.Secrets.ClusterKey, _settings.Cluster.Id, _settings.Cluster.Instance), start.Self, peers,
        state.FactsFor, duplicate, _time, _loggers.CreateLogger<UdpTransport>());

    /// <summary>Runs every part until the end is asked for, or one of them fails, which ends the agent.</summary>
    private async Task RunPartsAsync(Parts parts, CancellationToken cancellation)
    {
        using var ending = new CancellationTokenSource();
        parts.Loop.Post(new ConsensusEvent.PeersKnown(parts.Peers.Ids));
        parts.Pause.Load();
        parts.Loop.Start();
        List<Task> work =
        [
            parts.Loop.Ended,
            parts.Promises.RunAsync(ending.Token),
            parts.Driver.RunAsync(ending.Token),
            .. parts.Publication.Run(ending.Token),
            parts.Events.RunAsync(ending.Token),
            parts.Facts.RunAsync(ending.Token),
            parts.Table.RunAsync(ending.Token),
            parts.Slots.RunAsync(ending.Token),
            parts.Log.RunAsync(ending.Token),
            parts.Transport.ReceiveAsync((from, message, facts) => Receive(parts, from, message, facts), ending.Token),
        ];
        var asked = AskedToEndAsync(cancellation);
        var first = await Task.WhenAny([asked, .. work]);
        try
        {
            if (first == asked)
            {
                await EndAsync(parts, await asked);
            }
        }
        finally
        {
            parts.Loop.Stop();
            await ending.CancelAsync();
        }

        await Task.WhenAll(work);
        if (first != asked)
        {
            throw new InvariantException("a part of the agent ended by itself");
        }
    }

    private async Task<PostgresAtShutdown> AskedToEndAsync(CancellationToken cancellation)
    {
        await using var registration = cancellation.Register(() => _shutdown.TrySetResult(PostgresAtShutdown.Stop));
        return await _shutdown.Task;
    }

    private static void Receive(Parts parts, NodeId from, Message message, NodeFacts? facts)
    {
        var isNew = parts.Peers.Find(from) is null;
        var incarnation = message is Message.Heartbeat heartbeat ? heartbeat.Incarnation : default;
        if (facts is not null && !parts.Peers.Heard(from, facts, incarnation))
        {
            return;
        }

        parts.Pause.Heard(facts?.Pause);
        if (facts is { Role: NodeRole.Primary, Echo: { } echo })
        {
            parts.Staleness.Heard(echo, new Timeline(facts.Timeline), new Lsn(facts.Lsn), parts.Driver.Report);
        }

        if (isNew)
        {
            parts.Loop.Post(new ConsensusEvent.PeersKnown(parts.Peers.Ids));
        }

        parts.Loop.Post(new ConsensusEvent.Received(from, message));
    }

    /// <summary>
    /// Positions matter by the millisecond while a rule row waits for its quorum, here or at the leader.
    /// </summary>
    private static bool IsHurried(ConsensusLoop loop, AgentState state) => loop.Snapshot switch
    {
        { Phase: LeadershipPhase.Promoting or LeadershipPhase.Open or LeadershipPhase.Draining } => true,
        { Phase: null, Posture: Posture.Following } => state.Primary() is null,
        _ => false,
    };

    private async Task EndAsync(Parts parts, PostgresAtShutdown postgres)
    {
        LogEnding(postgres);
        if (postgres == PostgresAtShutdown.Stop)
        {
            await HandOverFirstAsync(parts);
            parts.Loop.Post(new ConsensusEvent.QuiesceAsked(true));
            await parts.Driver.StopAsync(StopLimit);
        }

        using var limit = new CancellationTokenSource(LastWordsLimit, _time);
        await parts.Publication.TryAsync(limit.Token);
    }

    /// <summary>
    /// A leader that is to stop alone, while the others go on, hands over first; clients hardly notice.
    /// </summary>
    private async Task HandOverFirstAsync(Parts parts)
    {
        if (!parts.Loop.Snapshot.IsServing || parts.Loop.Snapshot.IsQuiesced)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(HandoverLimit, _time);
            await parts.Switchovers.RunAsync(default, null, limit.Token);
        }
        catch (Exception e) when (e is UserException or OperationCanceledException or TimeoutException)
        {
            LogNotHandedOver(e.Message);
        }
    }

    private sealed record Start(
        NodeId Self, AgentSecrets Secrets, PostgresServer Server, IdentityFile File, NodeIdentity Identity,
        string? Warning, InstanceDirectory Directory, InstanceDirectory? CellDirectory);

    private sealed record Parts(
        ConsensusLoop Loop, Driver Driver, Publication Publication, EventOutbox Events, PromiseWriter Promises,
        UdpTransport Transport, PeerDirectory Peers, SwitchoverRequests Switchovers, FactBoard Facts,
        EventTableWriter Table, PauseRegister Pause, SlotKeeper Slots, LogRotation Log, StalenessTracker Staleness);
}
