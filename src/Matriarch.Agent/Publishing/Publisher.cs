using Matriarch.Core;
using Matriarch.Topology;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

/// <summary>
/// Keeps this node's record, and the leadership where this node knows it best, in one topology store; and hands on
/// which nodes it names. Levels, not edges: an outage delays publication and loses nothing, and what a store that was
/// wiped, damaged or restored from an old copy has lost is written again.
/// </summary>
internal sealed partial class Publisher(
    InstanceDirectory directory, NodeId self, Func<NodeRecord> record, INodeReader reader, TimeProvider time,
    ILogger<Publisher> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LagInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly WakeSignal _wake = new(time);
    private LeadershipRecord? _wanted;
    private LeadershipRecord? _published;
    private NodeRecord? _registered;
    private long _registeredAt;
    private long _checkedAt;
    private volatile string? _storeFault;

    /// <summary>Why the store cannot be used; null while it can.</summary>
    public string? StoreFault => _storeFault;

    /// <summary>Publishes a leadership as soon as the store takes it.</summary>
    public void Publish(Term term, int revision, NodeId? primary)
    {
        Volatile.Write(ref _wanted, new LeadershipRecord(term, revision, primary));
        Wake();
    }

    /// <summary>Looks at the node's record again now.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Publishes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await TryAsync(cancellation);
            await _wake.SleepAsync(Interval, null, cancellation);
        }
    }

    /// <summary>Publishes once; for the end of the agent too.</summary>
    public async Task TryAsync(CancellationToken cancellation)
    {
        try
        {
            // The leadership first: that nobody serves any more is the most urgent thing that it can say.
            await PublishLeadershipAsync(cancellation);
            await RegisterAsync(cancellation);
            await ReadNodesAsync(cancellation);
            _storeFault = null;
        }
        catch (StoreUnavailableException e)
        {
            // Told, with its end, as a fact of this node.
            _storeFault = e.Message;
            reader.Lost();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The agent ends.
        }
    }

    /// <summary>
    /// A change of role or state is written at once, one of only the lag not more often than once a second.
    /// </summary>
    private async Task RegisterAsync(CancellationToken cancellation)
    {
        var next = record();
        var isUrgent = _registered is null || !next.Equals(_registered with { LagBytes = next.LagBytes });
        if (next.Equals(_registered) || (!isUrgent && time.GetElapsedTime(_registeredAt) < LagInterval))
        {
            return;
        }

        await directory.RegisterNodeAsync(next, cancellation);
        _registered = next;
        _registeredAt = time.GetTimestamp();
    }

    private async Task PublishLeadershipAsync(CancellationToken cancellation)
    {
        var wanted = Volatile.Read(ref _wanted);
        await CheckPublishedAsync(cancellation);
        if (wanted is null || wanted == _published)
        {
            return;
        }

        var outcome = await directory.PublishLeadershipAsync(wanted, cancellation);
        _published = wanted;
        if (!outcome.IsCurrent)
        {
            LogSuperseded(wanted.Term.Value, outcome.Current.Term.Value);
        }
    }

    /// <summary>Whether the store still holds what was published: it may have been wiped since.</summary>
    private async Task CheckPublishedAsync(CancellationToken cancellation)
    {
        if (_published is not { } published || time.GetElapsedTime(_checkedAt) < CheckInterval)
        {
            return;
        }

        _checkedAt = time.GetTimestamp();
        var held = await directory.GetLeadershipAsync(cancellation);
        if (held is null || (held != published && !published.IsOlderThan(held.Term, held.Revision)))
        {
            LogPublishedAgain(published.Term.Value);
            _published = null;
        }
    }

    private async Task ReadNodesAsync(CancellationToken cancellation)
    {
        var nodes = await directory.ListNodesAsync(cancellation);
        if (_registered is not null && nodes.All(n => n.Name != self || n with { LagBytes = null }
            != _registered with { LagBytes = null }))
        {
            _registered = null;
            _wake.Set();
        }

        await reader.ReadAsync(nodes, cancellation);
    }
}
