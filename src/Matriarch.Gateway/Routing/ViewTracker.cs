using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>
/// The newest view of one instance that was ever seen. It never goes back: a view of an older (term, revision) is
/// refused however late it arrives, an instance that vanishes from the view (a wiped store) changes nothing, and a
/// second primary for the same term is refused loudly.
/// </summary>
internal sealed partial class ViewTracker(string instance, ILogger<ViewTracker> logger)
{
    private readonly Lock _lock = new();
    private volatile InstanceView? _current;
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

    /// <summary>Takes the view if it is a successor of the current one; true when it did.</summary>
    public bool Offer(ClusterView view)
    {
        if (!view.Instances.TryGetValue(instance, out var offered))
        {
            return false;
        }

        TaskCompletionSource changed;
        lock (_lock)
        {
            if (_current is { } current && !IsSuccessor(current, offered, view.Version))
            {
                return false;
            }

            _current = offered;
            _version = view.Version;
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
        return true;
    }

    private bool IsSuccessor(InstanceView current, InstanceView offered, long version)
    {
        var order = (offered.Term, offered.Revision).CompareTo((current.Term, current.Revision));
        if (order < 0)
        {
            LogOlderView(instance, offered.Term, offered.Revision, current.Term, current.Revision);
            return false;
        }

        if (offered.Term == current.Term && offered.Primary is { } second && current.Primary is { } first
            && first != second)
        {
            LogTwoPrimaries(instance, current.Term, first, second);
            return false;
        }

        return order > 0 || version > _version;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
