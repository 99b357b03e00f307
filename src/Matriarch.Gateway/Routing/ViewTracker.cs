using Matriarch.Client;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>
/// The newest view of one instance that was ever seen, of the store and of the agents themselves. It never goes back: a
/// view or a word of an older (term, revision) is refused however late it arrives, an instance that vanishes from the
/// store (a wiped one) changes nothing, and a second primary for the same term is refused loudly.
/// </summary>
internal sealed partial class ViewTracker(string instance, ILogger<ViewTracker> logger)
{
    private readonly Lock _lock = new();
    private volatile NumberedView? _current;
    private InstanceView? _store;
    private LeadershipWord? _word;
    private bool _isHeard;
    private bool _isStoreLater;
    private (Term Term, NodeId Node) _primary; // the last one that there was
    private Term _storeServed; // the newest term for which the store has named a primary
    private long _version = -1;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Null before the first.</summary>
    public InstanceView? Current => _current?.View;

    /// <summary>With its number, which grows with each change; null before the first.</summary>
    public NumberedView? Numbered => _current;

    /// <summary>Completes at the next change. Take it before looking at <see cref="Current"/>, or a change may be
    /// missed.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Takes the store's view if it is a successor of the current one; true when that changed
    /// anything.</summary>
    public bool Offer(ClusterView view)
    {
        if (!view.Instances.TryGetValue(instance, out var offered))
        {
            return false;
        }

        TaskCompletionSource? changed;
        lock (_lock)
        {
            if (Current is { } current && !IsSuccessor(current, offered, view.Version))
            {
                return false;
            }

            // The store learns after the agents do: that nobody serves is what it held before the primary served, as
            // long as it has named none in this term.
            var isOlder = offered.Primary is null && _storeServed != offered.Term;
            _storeServed = offered.Primary is null ? _storeServed : offered.Term;
            _store = offered;
            _version = view.Version;
            _isStoreLater = !isOlder;
            changed = Renew();
        }

        changed?.SetResult();
        return changed is not null;
    }

    /// <summary>Takes what an agent says; true when that changed anything.</summary>
    public bool Hear(LeadershipWord word)
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            if (!IsNewer(word))
            {
                return false;
            }

            (_word, _isHeard, _isStoreLater) = (word, word.IsOwn, false);
            changed = Renew();
        }

        changed?.SetResult();
        return changed is not null;
    }

    /// <summary>The agent of a node is not heard any more, or is again; true when that changed anything.</summary>
    public bool Hears(NodeId node, bool isHeard)
    {
        TaskCompletionSource? changed = null;
        lock (_lock)
        {
            if (_word is { IsOwn: true } word && word.Leader == node && _isHeard != isHeard)
            {
                _isHeard = isHeard;
                changed = Renew();
            }
        }

        changed?.SetResult();
        return changed is not null;
    }

    private TaskCompletionSource? Renew()
    {
        var next = ViewMerge.Merge(instance, _store, _word, _isHeard, _isStoreLater);
        if (next is null || ViewMerge.AreSame(Current, next))
        {
            return null;
        }

        Invariant.Holds(
            Current is not { } before || (next.Term, next.Revision).CompareTo((before.Term, before.Revision)) >= 0,
            "a gateway's view never goes back");
        _current = new NumberedView(next, (_current?.Number ?? 0) + 1);
        _primary = next.Primary is { } primary ? (next.Term, primary) : _primary;
        var changed = _changed;
        _changed = NewSignal();
        return changed;
    }

    private bool IsNewer(LeadershipWord word)
    {
        if (Current is { } current && (word.Term, word.Revision).CompareTo((current.Term, current.Revision)) < 0)
        {
            LogOlderView(instance, word.Term, word.Revision, current.Term, current.Revision);
            return false;
        }

        if (_primary.Term == word.Term && _primary.Node != word.Leader)
        {
            LogTwoPrimaries(instance, word.Term, _primary.Node, word.Leader);
            return false;
        }

        if (word is { IsOwn: true, Phase: ServicePhase.Starting } && _primary.Term == word.Term)
        {
            return false; // late: somebody has seen it serve since
        }

        if (_word is not { } last || last.Term != word.Term)
        {
            return true;
        }

        if (last.Leader != word.Leader)
        {
            LogTwoPrimaries(instance, word.Term, last.Leader, word.Leader);
            return false;
        }

        // Two polls of the same agent may overtake each other; a new process of it has begun anew.
        return word.IsOwn
            ? !last.IsOwn || last.Process != word.Process || last.Version < word.Version
            : !last.IsOwn && (word.Revision > last.Revision || last.Process == word.Process);
    }

    private bool IsSuccessor(InstanceView current, InstanceView offered, long version)
    {
        var order = (offered.Term, offered.Revision).CompareTo((current.Term, current.Revision));
        if (order < 0)
        {
            LogOlderView(instance, offered.Term, offered.Revision, current.Term, current.Revision);
            return false;
        }

        if (offered.Primary is { } second && _primary.Term == offered.Term && _primary.Node != second)
        {
            LogTwoPrimaries(instance, offered.Term, _primary.Node, second);
            return false;
        }

        return order > 0 || version > _version;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
