using System.Threading.Tasks.Sources;

namespace Matriarch.Proxy;

/// <summary>
/// A wait for a socket that goes on inside the reactor's own call: no queue, no other thread, and nothing allocated.
/// One waiter at a time.
/// </summary>
internal sealed class Readiness : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core; // continuations run where the result is set

    /// <summary>Whether somebody waits.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Waits for <see cref="Signal"/>.</summary>
    public ValueTask WaitAsync()
    {
        Core.Invariant.Holds(!IsAwaited, "one waits for a direction of a socket at a time");
        IsAwaited = true;
        _core.Reset();
        return new ValueTask(this, _core.Version);
    }

    /// <summary>Lets the waiter go on, inside this call; false when nobody waits.</summary>
    public bool Signal()
    {
        if (!IsAwaited)
        {
            return false;
        }

        IsAwaited = false;
        _core.SetResult(true);
        return true;
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    // Without the flags: the reactor is the context already, and a post to it would only cost a round.
    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, ValueTaskSourceOnCompletedFlags.None);
}
