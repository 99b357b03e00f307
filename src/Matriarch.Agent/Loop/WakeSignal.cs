namespace Matriarch.Agent;

/// <summary>Wakes one sleeper early. Signals given while nobody sleeps are one signal for the next sleep.</summary>
internal sealed class WakeSignal(TimeProvider time)
{
    private readonly Lock _changing = new();
    private TaskCompletionSource _signal = New();

    /// <summary>Wakes the sleeper, or spares it the next sleep.</summary>
    public void Set()
    {
        lock (_changing)
        {
            _signal.TrySetResult();
        }
    }

    /// <summary>
    /// Sleeps until signalled, the other task has ended, the time is over, or cancelled (without throwing).
    /// </summary>
    public async Task SleepAsync(TimeSpan most, Task? or, CancellationToken cancellation)
    {
        Task signal;
        lock (_changing)
        {
            signal = _signal.Task;
        }

        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var slept = Task.Delay(most, time, done.Token);
        await (or is null ? Task.WhenAny(signal, slept) : Task.WhenAny(signal, slept, or));
        await done.CancelAsync();
        lock (_changing)
        {
            if (_signal.Task.IsCompleted)
            {
                _signal = New();
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
