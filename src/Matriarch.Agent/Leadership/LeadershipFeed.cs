using System.Globalization;
using System.Security.Cryptography;
using Matriarch.Client;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// What this agent tells gateways about who leads, without the topology store: the answers of
/// <c>GET /v1/leadership</c>. The leader's own word is what counts; other agents tell whom they see serve, so that a
/// gateway learns of a leader that it does not know. An agent that has not led in this process says nothing of a
/// leadership of its own: PostgreSQL may have outlived the process before.
/// </summary>
internal sealed class LeadershipFeed(string instance, NodeId self, AgentState state, Func<LoopSnapshot> loop,
    TimeProvider time)
{
    /// <summary>Changes that nobody wakes us for (a replica's state) are noticed within this.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LagInterval = TimeSpan.FromSeconds(1);

    private readonly string _process = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    private LeadershipDocument? _last;
    private long _lastAt;
    private Term _led;

    /// <summary>The gateways that ask.</summary>
    public GatewayRoll Gateways { get; } = new(time);

    /// <summary>Consensus has decided something: whoever waits looks now. Called on the consensus thread.</summary>
    public void Wake()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            changed = _changed;
            _changed = NewSignal();
        }

        changed.TrySetResult();
    }

    /// <summary>
    /// Whether every gateway that asks has acted on the announcement that this node will hand over.
    /// </summary>
    public bool HaveGatewaysParked()
    {
        var now = Current();
        return now.Phase != ServicePhase.Draining || Gateways.HaveAllSeen(now.Version);
    }

    /// <summary>The version that a mark names; 0 when it is of another process, or none.</summary>
    public long VersionOf(string mark) =>
        mark.Split('.') is [var process, var version] && process == _process
        && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    /// <summary>What is known now.</summary>
    public LeadershipDocument Current()
    {
        lock (_lock)
        {
            return Renew();
        }
    }

    /// <summary>What is known as soon as it is not <paramref name="after"/> any more, or the wait is over.</summary>
    public async Task<LeadershipDocument> WaitAsync(string? after, TimeSpan wait, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            Task changed;
            LeadershipDocument now;
            lock (_lock)
            {
                (now, changed) = (Renew(), _changed.Task);
            }

            var left = wait - time.GetElapsedTime(began);
            if (now.Mark != after || left <= TimeSpan.Zero)
            {
                return now;
            }

            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(changed, Task.Delay(left < LookInterval ? left : LookInterval, time, over.Token));
            await over.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Under the lock.</summary>
    private LeadershipDocument Renew()
    {
        var next = Compute();
        var isLagDue = _last is not null && time.GetElapsedTime(_lastAt) >= LagInterval;
        if (_last is null || !AreSame(_last, next, isLagDue))
        {
            next = next with { Version = (_last?.Version ?? 0) + 1 };
            if (next.Phase == ServicePhase.Draining && _last?.Phase != ServicePhase.Draining)
            {
                Gateways.DrainsSince(next.Version);
            }

            (_last, _lastAt) = (next, time.GetTimestamp());
        }

        return _last;
    }

    private LeadershipDocument Compute()
    {
        var decided = loop();
        var nodes = state.Nodes();
        if (decided.Phase is not null)
        {
            _led = decided.Known.Term;
        }

        var isOwn = decided.Known.Leader == self && decided.Known.Term == _led;
        var (term, leader, phase) = isOwn
            ? (decided.Known.Term, self.Value, PhaseOf(decided.Phase))
            : Sighted(decided, nodes);
        var revision = decided.Rule is { } rule && rule.Term == term ? rule.Revision : 0;
        return new LeadershipDocument(instance, self.Value, _process, 0, term.Value, revision, leader, phase, nodes);
    }

    private (Term, string?, ServicePhase) Sighted(LoopSnapshot decided, IReadOnlyList<LeadershipNode> nodes)
    {
        if (state.Sighted(decided) is var (term, primary) && nodes.Any(n => n.Name == primary.Value))
        {
            return (term, primary.Value, ServicePhase.Serving);
        }

        var known = decided.Known;
        return (known.Term, known.Leader.IsNone ? null : known.Leader.Value, ServicePhase.Unknown);
    }

    private static ServicePhase PhaseOf(LeadershipPhase? phase) => phase switch
    {
        LeadershipPhase.Serving => ServicePhase.Serving,
        LeadershipPhase.Draining => ServicePhase.Draining,
        LeadershipPhase.Promoting or LeadershipPhase.Open => ServicePhase.Starting,
        _ => ServicePhase.None,
    };

    private static bool AreSame(LeadershipDocument a, LeadershipDocument b, bool comparesLag) =>
        a.Term == b.Term && a.Revision == b.Revision && a.Leader == b.Leader && a.Phase == b.Phase
        && a.Nodes.Count == b.Nodes.Count
        && a.Nodes.Zip(b.Nodes).All(p => AreSame(p.First, p.Second, comparesLag));

    private static bool AreSame(LeadershipNode a, LeadershipNode b, bool comparesLag) =>
        a with { Tags = [], LagBytes = null } == b with { Tags = [], LagBytes = null }
        && (!comparesLag || a.LagBytes == b.LagBytes) && a.Tags.SequenceEqual(b.Tags, StringComparer.Ordinal);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
