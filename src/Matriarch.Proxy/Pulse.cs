namespace Matriarch.Proxy;

/// <summary>Wakes one waiter; pulses that find nobody are one pulse for the next.</summary>
internal sealed class Pulse
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiter;
    private bool _isPending;

    /// <summary>Wakes the waiter, or spares it the next wait.</summary>
    public void Release()
    {
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            waiter = _waiter;
            _waiter = null;
            _isPending = waiter is null;
        }

        waiter?.SetResult();
    }

    /// <summary>Completes at the next pulse.</summary>
    public Task WaitAsync()
    {
        lock (_lock)
        {
            if (_isPending)
            {
                _isPending = false;
                return Task.CompletedTask;
            }

            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }
}
