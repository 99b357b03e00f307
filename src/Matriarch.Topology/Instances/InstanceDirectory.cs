using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>
/// The typed records of one instance in the store. Every write is a compare-and-set; where the store's reply is lost
/// the record is read again, and only what was read back counts. All methods throw <see
/// cref="StoreUnavailableException"/> when the store cannot be used, holds something unreadable, or keeps changing for
/// <see cref="MaxAttempts"/> attempts.
/// </summary>
public sealed class InstanceDirectory
{
    /// <summary>How often a write is tried against concurrent writers before it is given up.</summary>
    public const int MaxAttempts = 16;

    private readonly ITopologyStore _store;
    private readonly InstanceKeys _keys;
    private readonly EventJournal _events;

    /// <summary>The records of <paramref name="instance"/>; nothing is read yet.</summary>
    /// <exception cref="FormatException">The name cannot be part of a key.</exception>
    public InstanceDirectory(ITopologyStore store, string instance)
    {
        _store = store;
        _keys = new InstanceKeys(instance);
        _events = new EventJournal(store, _keys);
    }

    /// <summary>The instance's name.</summary>
    public string Instance => _keys.Instance;

    /// <summary>The bootstrap record; null while nobody has claimed it.</summary>
    public async Task<BootstrapRecord?> GetBootstrapAsync(CancellationToken cancellation) =>
        (await ReadBootstrapAsync(cancellation))?.Record;

    /// <summary>
    /// Claims the right to make the first data directory: at most one node ever gets it, and the same node in the same
    /// incarnation gets it again when it asks again. The store can be wiped, so the claim alone allows nothing: a
    /// bootstrap is also refused where any member has data (docs/mistakes.md, 9).
    /// </summary>
    public async Task<BootstrapClaim> ClaimBootstrapAsync(
        NodeId node, Incarnation incarnation, CancellationToken cancellation)
    {
        var mine = new BootstrapRecord(node, incarnation, BootstrapState.Claimed, SystemIdentifier.None);
        var value = TopologyJson.Write(mine, TopologyJson.Default.BootstrapRecord);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await ReadBootstrapAsync(cancellation) is { } held)
            {
                var isMine = held.Record.Node == node && held.Record.Incarnation == incarnation;
                return new BootstrapClaim(isMine, held.Record);
            }

            if (await _store.CompareAndSetAsync(_keys.Bootstrap, 0, value, cancellation) is WriteResult.Applied)
            {
                return new BootstrapClaim(true, mine);
            }
        }

        throw GivenUp(_keys.Bootstrap);
    }

    /// <summary>
    /// Marks the caller's claim as done. False when the claim is not the caller's, or was completed with another
    /// system identifier.
    /// </summary>
    public async Task<bool> CompleteBootstrapAsync(
        NodeId node, Incarnation incarnation, SystemIdentifier systemIdentifier, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await ReadBootstrapAsync(cancellation) is not { } held
                || held.Record.Node != node || held.Record.Incarnation != incarnation)
            {
                return false;
            }

            if (held.Record.State == BootstrapState.Done)
            {
                return held.Record.SystemIdentifier == systemIdentifier;
            }

            var done = held.Record with { State = BootstrapState.Done, SystemIdentifier = systemIdentifier };
            var value = TopologyJson.Write(done, TopologyJson.Default.BootstrapRecord);
            if (await _store.CompareAndSetAsync(_keys.Bootstrap, held.Version, value, cancellation)
                is WriteResult.Applied)
            {
                return true;
            }
        }

        throw GivenUp(_keys.Bootstrap);
    }

    /// <summary>The published leadership; null before the first.</summary>
    public async Task<LeadershipRecord?> GetLeadershipAsync(CancellationToken cancellation) =>
        await _store.GetAsync(_keys.Leadership, cancellation) is { } entry
            ? TopologyJson.Read(entry, TopologyJson.Default.LeadershipRecord)
            : null;

    /// <summary>
    /// Publishes a leadership unless the store holds a higher (term, revision), or another primary in the same term: a
    /// term has one leader. Under the same (term, revision) the primary may become null, and come back from null.
    /// </summary>
    public async Task<LeadershipPublication> PublishLeadershipAsync(
        LeadershipRecord leadership, CancellationToken cancellation)
    {
        var value = TopologyJson.Write(leadership, TopologyJson.Default.LeadershipRecord);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var entry = await _store.GetAsync(_keys.Leadership, cancellation);
            if (entry is not null)
            {
                var held = TopologyJson.Read(entry, TopologyJson.Default.LeadershipRecord);
                if (held == leadership)
                {
                    return new LeadershipPublication(true, held);
                }

                if (!MayReplace(held, leadership))
                {
                    return new LeadershipPublication(false, held);
                }
            }

            if (await _store.CompareAndSetAsync(_keys.Leadership, entry?.Version ?? 0, value, cancellation)
                is WriteResult.Applied)
            {
                return new LeadershipPublication(true, leadership);
            }
        }

        throw GivenUp(_keys.Leadership);
    }

    /// <summary>A node's record; null when it never registered.</summary>
    public async Task<NodeRecord?> GetNodeAsync(NodeId node, CancellationToken cancellation) =>
        await _store.GetAsync(_keys.Node(node), cancellation) is { } entry
            ? TopologyJson.Read(entry, TopologyJson.Default.NodeRecord)
            : null;

    /// <summary>All registered nodes, by name.</summary>
    public async Task<IReadOnlyList<NodeRecord>> ListNodesAsync(CancellationToken cancellation) =>
        [.. (await _store.ListAsync(_keys.Nodes, cancellation))
            .Select(e => TopologyJson.Read(e, TopologyJson.Default.NodeRecord))];

    /// <summary>Writes the node's record; writes nothing when it is there already. The last writer wins.</summary>
    public async Task RegisterNodeAsync(NodeRecord record, CancellationToken cancellation)
    {
        var key = _keys.Node(record.Name);
        var value = TopologyJson.Write(record, TopologyJson.Default.NodeRecord);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var entry = await _store.GetAsync(key, cancellation);
            if (entry?.Value == value
                || await _store.CompareAndSetAsync(key, entry?.Version ?? 0, value, cancellation)
                    is WriteResult.Applied)
            {
                return;
            }
        }

        throw GivenUp(key);
    }

    /// <summary>Deletes a node's record. True when it was there.</summary>
    public async Task<bool> RemoveNodeAsync(NodeId node, CancellationToken cancellation)
    {
        var key = _keys.Node(node);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await _store.GetAsync(key, cancellation) is not { } entry)
            {
                return attempt > 0;
            }

            if (await _store.DeleteAsync(key, entry.Version, cancellation) is WriteResult.Applied)
            {
                return true;
            }
        }

        throw GivenUp(key);
    }

    /// <summary>Appends an event and gives it the next id. About the newest <see cref="EventJournal.Kept"/> are
    /// kept.</summary>
    public Task<EventRecord> AppendEventAsync(NewEvent happened, CancellationToken cancellation) =>
        _events.AppendAsync(happened, cancellation);

    /// <summary>Events in order, oldest first.</summary>
    /// <param name="after">Only ids above this one; null = from the oldest that is kept.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<IReadOnlyList<EventRecord>> ListEventsAsync(
        string? after, int limit, CancellationToken cancellation) => _events.ListAsync(after, limit, cancellation);

    /// <summary>The newest events, oldest of them first.</summary>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<IReadOnlyList<EventRecord>> ListNewestEventsAsync(int limit, CancellationToken cancellation) =>
        _events.ListNewestAsync(limit, cancellation);

    /// <summary>Events in order as they are told, through outages of the store, until cancelled.</summary>
    /// <param name="after">Only ids above this one; null = from the oldest that is kept.</param>
    /// <param name="cancellation">Ends the watch.</param>
    public IAsyncEnumerable<EventRecord> WatchEventsAsync(string? after, CancellationToken cancellation) =>
        _events.WatchAsync(after, cancellation);

    internal static StoreUnavailableException GivenUp(StoreKey key) =>
        new($"{key} could not be written in {MaxAttempts} attempts: replies are lost or others keep changing it");

    private static bool MayReplace(LeadershipRecord held, LeadershipRecord wanted)
    {
        if (held.Term != wanted.Term)
        {
            return wanted.Term > held.Term;
        }

        var sameLeader = held.Primary is null || wanted.Primary is null || held.Primary == wanted.Primary;
        return wanted.Revision >= held.Revision && sameLeader;
    }

    private async Task<Versioned<BootstrapRecord>?> ReadBootstrapAsync(CancellationToken cancellation) =>
        await _store.GetAsync(_keys.Bootstrap, cancellation) is { } entry
            ? new(entry.Version, TopologyJson.Read(entry, TopologyJson.Default.BootstrapRecord))
            : null;
}
