using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Models.Tests;

/// <summary>
/// One node of a replay: the real state machine, and around it what the model says of its disk and its PostgreSQL.
/// Messages stay here until the trace delivers them; what it does not deliver is lost.
/// </summary>
internal sealed class ReplayedNode(string name, ReplayClock clock, IReadOnlyList<NodeId> all)
{
    private readonly List<Effect> _effects = [];
    private PostgresStatus? _told;
    private Promise? _pending;

    public string Name { get; } = name;

    public NodeId Id { get; } = new(name);

    /// <summary>Null while its agent is down.</summary>
    public ConsensusNode? Agent { get; private set; }

    public Promise Disk { get; private set; } = Promise.None;

    public int Life { get; private set; } = 1;

    public bool IsDurable => _pending is null;

    /// <summary>Whom commits are to wait for.</summary>
    public SynchronousStandbys Standbys { get; private set; } = SynchronousStandbys.None;

    public Rule? Serving { get; private set; }

    /// <summary>The row that it last wanted to be written.</summary>
    public Rule? Writing { get; private set; }

    /// <summary>What it has said since this was last cleared, in order.</summary>
    public List<(NodeId To, Message Message)> Outbox { get; } = [];

    public static Incarnation IncarnationOf(string name, int life) =>
        new(((ulong)(name[0] - 'a' + 1) * 1000) + (ulong)life);

    public void Start(Promise disk, int seed)
    {
        Disk = disk;
        _pending = null;
        _told = null;
        Agent = new ConsensusNode(
            Id, IncarnationOf(Name, Life), NodeTraits.Default, ReplayClock.Options, Disk, new Random(seed), clock.Now);
        Take(new ConsensusEvent.PeersKnown([.. all.Where(n => n != Id)]));
    }

    /// <summary>The agent is gone, with all that was not on its disk.</summary>
    public void End()
    {
        Agent = null;
        Serving = null;
        Writing = null;
        Standbys = SynchronousStandbys.None;
        Outbox.Clear();
    }

    public void LosePromise(int life)
    {
        End();
        Disk = Promise.None;
        Life = life;
    }

    /// <summary>Steps it, and again as long as it asks to be woken at once.</summary>
    public void Take(ConsensusEvent happened)
    {
        Step(happened);
        for (var times = 0; Agent!.NextWake <= clock.Now; times++)
        {
            Invariant.Holds(times < 10, "the node never settles");
            Step(ConsensusEvent.Tick.Instance);
        }
    }

    private void Step(ConsensusEvent happened)
    {
        _effects.Clear();
        Agent!.Step(clock.Now, happened, _effects);
        foreach (var effect in _effects)
        {
            Do(effect);
        }
    }

    public void Tick() => Take(ConsensusEvent.Tick.Instance);

    public void Receive(ReplayedNode from, Message message) => Take(new ConsensusEvent.Received(from.Id, message));

    /// <summary>The newest promise reaches the disk; those before it are never seen there.</summary>
    public void Persist()
    {
        if (_pending is { } promise)
        {
            Disk = promise;
            _pending = null;
            Take(new ConsensusEvent.Persisted(promise));
        }
    }

    /// <summary>The driver looks at the server as the model has it, until there is nothing new to tell.</summary>
    public void Observe(ModelState state)
    {
        for (var looks = 0; Agent is not null && StatusIn(state) is var status && status != _told; looks++)
        {
            Invariant.Holds(looks < 10, "the node never settles");
            _told = status;
            Take(new ConsensusEvent.Observed(status));
        }
    }

    private void Do(Effect effect)
    {
        switch (effect)
        {
            case Effect.Send send:
                Outbox.Add((send.To, send.Message));
                break;
            case Effect.Persist persist:
                _pending = persist.Promise;
                break;
            case Effect.Synchronize synchronize:
                Standbys = synchronize.Standbys;
                break;
            case Effect.WriteRule write:
                Writing = write.Rule;
                break;
            case Effect.Serve serve:
                Serving = serve.Rule;
                break;
            default:
                // The posture is read where it is needed; reports, answers and publications change nothing.
                break;
        }
    }

    private PostgresStatus StatusIn(ModelState state)
    {
        var node = state.Nodes[Name];
        var (isRunning, isPrimary) = (node.Postgres != "down", node.Postgres == "primary");
        var position = (state.TimelineOf(node), node.Log.Length);
        var posture = Agent!.DesiredPosture;
        var isReached = posture switch
        {
            Posture.Detached => node is { Postgres: "standby", Upstream: "" },
            Posture.Following following => node.Postgres == "standby" && node.Upstream == following.Leader.Value,
            Posture.Leading leading => isPrimary && position.Item1 == (int)leading.Term.Value,
            _ => false,
        };
        return new PostgresStatus(
            isRunning ? PostgresCondition.Running : PostgresCondition.Stopped, isPrimary, Position(position),
            isReached ? posture : null, Standbys, isReached && posture is Posture.Following && state.IsStreaming(node),
            isRunning ? RealRule(state, state.VisibleTo(node)) : null, position.CompareTo(node.Floor) >= 0);
    }

    public static WalPosition Position((int Timeline, int Entries) position) =>
        new(new Timeline((uint)position.Timeline), LsnBehind(position.Entries));

    public static Lsn LsnBehind(int entries) => new((ulong)entries * 100);

    public static Rule RealRule(ModelState state, int index)
    {
        var rule = state.Rules[index];
        return new Rule(
            new Term((uint)rule.Term), rule.Revision, new NodeId(rule.Leader),
            [.. rule.Voters.Select(v => new Voter(new NodeId(v.Node), IncarnationOf(v.Node, v.Life)))],
            rule.Copies == 0 ? DurabilityPolicy.Majority : DurabilityPolicy.Copies(rule.Copies));
    }
}
