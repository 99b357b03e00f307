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
    private volatile InstanceView? _current;
    private InstanceView? _store;
    private LeadershipWord? _word;
    private bool _isHeard;
    private bool _isStoreLater;
    private (Term Term, NodeId Node) _primary; // the last one that there was
    private long _version = -1;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Null before the first.</summary>
    public InstanceView? Current => _current;

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
            if (_current is { } current && !IsSuccessor(current, offered, view.Version))
            {
                return false;
            }

            _store = offered;
            _version = view.Version;
            _isStoreLater = true;
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
        if (ViewMerge.AreSame(_current, next))
        {
            return null;
        }

        Invariant.Holds(
            _current is not { } before || (next is not null
                && (next.Term, next.Revision).CompareTo((before.Term, before.Revision)) >= 0),
            "a gateway's view never goes back");
        _current = next;
        _primary = next?.Primary is { } primary ? (next.Term, primary) : _primary;
        var changed = _changed;
        _changed = NewSignal();
        return changed;
    }

    private bool IsNewer(LeadershipWord word)
    {
        if (_current is { } current && (word.Term, word.Revision).CompareTo((current.Term, current.Revision)) < 0)
        {
            LogOlderView(instance, word.Term, word.Revision, current.Term, current.Revision);
            return false;
        }

        if (_primary.Term == word.Term && _primary.Node != word.Leader)
        {
            LogTwoPrimaries(instance, word.Term, _primary.Node, word.Leader);
            return false;
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
