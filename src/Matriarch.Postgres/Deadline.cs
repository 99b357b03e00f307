namespace Matriarch.Postgres;

/// <summary>A point in monotonic time until which something may take.</summary>
internal readonly struct Deadline(TimeProvider time, TimeSpan duration)
{
    private readonly long _start = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public TimeSpan Remaining => duration > Elapsed ? duration - Elapsed : TimeSpan.Zero;

    public bool IsOver => Remaining == TimeSpan.Zero;

    /// <summary>The shorter of what remains and the given time, at least a millisecond.</summary>
    public TimeSpan AtMost(TimeSpan other) =>
        TimeSpan.FromTicks(Math.Max(TimeSpan.TicksPerMillisecond, Math.Min(Remaining.Ticks, other.Ticks)));

    /// <summary>Waits a little before the next look.</summary>
    public Task PauseAsync(int milliseconds, CancellationToken cancellation) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, cancellation);

    /// <summary>Looks until the condition holds; false when it does not in time.</summary>
    public async Task<bool> UntilAsync(Func<bool> condition, int milliseconds, CancellationToken cancellation)
    {
        while (!condition())
        {
            if (IsOver)
            {
                return false;
            }

            await PauseAsync(milliseconds, cancellation);
        }

        return true;
    }
}
