using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

/// <summary>
/// Follows the leaderships and nodes of a cluster in the store and publishes <see cref="ClusterView"/>s: immutable,
/// each newer than the one before, never with a lower (term, revision) of an instance. While the store is down, wiped
/// or restored from an old copy, the last view stays.
/// </summary>
public sealed partial class ClusterViewWatcher(ITopologyStore store, ILogger<ClusterViewWatcher> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LeadershipRecord> _leaderships = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<NodeId, NodeRecord>> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private volatile ClusterView _current = ClusterView.Empty;
    private TaskCompletionSource _next = NewSignal();

    /// <summary>The newest view; <see cref="ClusterView.Empty"/> before the first. Safe to read from any
    /// thread.</summary>
    public ClusterView Current => _current;

    /// <summary>
    /// Called with each new view, in order, while the watcher waits: return quickly, do not throw, do not call back.
    /// </summary>
    public event Action<ClusterView>? Changed;

    /// <summary>Follows the store until cancelled. Run it once.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] both =
        [
            FollowAsync(new StorePrefix(InstanceKeys.InstancesFolder), ApplyLeaderships, stop.Token),
            FollowAsync(new StorePrefix(InstanceKeys.NodesFolder), ApplyNodes, stop.Token),
        ];
        await Task.WhenAny(both);
        await stop.CancelAsync();
        await Task.WhenAll(both);
    }

    /// <summary>The current view, then each newer one; a slow reader gets only the newest. Ends when
    /// cancelled.</summary>
    public async IAsyncEnumerable<ClusterView> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = -1L;
        while (true)
        {
            Task next;
            ClusterView view;
            lock (_lock)
            {
                (view, next) = (_current, _next.Task);
            }

            if (view.Version > seen)
            {
                seen = view.Version;
                yield return view;
            }
            else
            {
                await next.WaitAsync(cancellation);
            }

            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task FollowAsync(
        StorePrefix prefix, Func<ChangeSet, IEnumerable<string>> apply, CancellationToken cancellation)
    {
        await foreach (var changes in store.WatchAsync(prefix, cancellation))
        {
            lock (_lock)
            {
                if (changes.Kind == ChangeSetKind.Reset)
                {
                    LogReset(logger, prefix.Value, changes.Written.Length);
                }

                Publish([.. apply(changes)]);
            }
        }
    }

    private HashSet<string> ApplyLeaderships(ChangeSet changes)
    {
        var touched = new HashSet<string>(StringComparer.Ordinal);
        if (changes.IsComplete)
        {
            touched.UnionWith(_leaderships.Keys);
            _leaderships.Clear();
        }

        foreach (var entry in changes.Written.Where(e => e.Key.Name == InstanceKeys.LeadershipName))
        {
            if (InstanceOf(entry.Key) is { } instance
                && Read(entry, TopologyJson.Default.LeadershipRecord) is { } record)
            {
                _leaderships[instance] = record;
                touched.Add(instance);
            }
        }

        foreach (var key in changes.Deleted.Where(k => k.Name == InstanceKeys.LeadershipName))
        {
            if (InstanceOf(key) is { } instance && _leaderships.Remove(instance))
            {
                touched.Add(instance);
            }
        }

        return touched;
    }

    private HashSet<string> ApplyNodes(ChangeSet changes)
    {
        var touched = new HashSet<string>(StringComparer.Ordinal);
        if (changes.IsComplete)
        {
            // An instance without any node in the store was wiped, not emptied: what is known of it stays.
            var present = changes.Written.Select(e => InstanceOf(e.Key)).ToHashSet();
            foreach (var instance in _nodes.Keys.Where(present.Contains).ToList())
            {
                _nodes.Remove(instance);
                touched.Add(instance);
            }
        }

        foreach (var entry in changes.Written)
        {
            if (InstanceOf(entry.Key) is { } instance
                && Read(entry, TopologyJson.Default.NodeRecord) is { } record && record.Name.Value == entry.Key.Name)
            {
                if (!_nodes.TryGetValue(instance, out var nodes))
                {
                    _nodes[instance] = nodes = [];
                }

                nodes[record.Name] = record;
                touched.Add(instance);
            }
        }

        foreach (var key in changes.Deleted)
        {
            if (InstanceOf(key) is { } instance && NodeId.IsValid(key.Name)
                && _nodes.TryGetValue(instance, out var nodes) && nodes.Remove(new NodeId(key.Name)))
            {
                touched.Add(instance);
            }
        }

        return touched;
    }

    private void Publish(IReadOnlyCollection<string> touched)
    {
        var instances = _current.Instances.ToBuilder();
        var isChanged = false;
        foreach (var name in touched)
        {
            var last = instances.GetValueOrDefault(name);
            var leadership = _leaderships.GetValueOrDefault(name);
            IEnumerable<NodeRecord> nodes = _nodes.TryGetValue(name, out var known) ? known.Values : [];
            NoteRefusal(name, leadership, last);
            var view = ClusterViewComposer.Compose(name, leadership, nodes, last);
            if (last is null || !ClusterViewComposer.AreSame(last, view))
            {
                Invariant.Holds(
                    last is null || view.Term > last.Term || (view.Term == last.Term && view.Revision >= last.Revision),
                    "a cluster view never goes back");
                instances[name] = view;
                isChanged = true;
            }
        }

        if (!isChanged)
        {
            return;
        }

        _current = new ClusterView(_current.Version + 1, instances.ToImmutable());
        var signal = _next;
        _next = NewSignal();
        signal.SetResult();
        Changed?.Invoke(_current);
    }

    private void NoteRefusal(string instance, LeadershipRecord? leadership, InstanceView? last)
    {
        var isOld = last is not null && last.Term > Term.None
            && (leadership is null || leadership.IsOlderThan(last.Term, last.Revision));
        if (!isOld)
        {
            _refused.Remove(instance);
        }
        else if (_refused.Add(instance))
        {
            LogOlder(logger, instance, leadership?.Term.ToString() ?? "none", last!.Term);
        }
    }

    // instances/{instance}/leadership and nodes/{instance}/{node}: three segments each.
    private static string? InstanceOf(StoreKey key) => key.Value.Split('/') is [_, var instance, _] ? instance : null;

    private T? Read<T>(StoreEntry entry, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        if (TopologyJson.TryRead(entry, type, out var record, out var fault))
        {
            return record;
        }

        LogUnreadable(logger, fault);
        return null;
    }
}
