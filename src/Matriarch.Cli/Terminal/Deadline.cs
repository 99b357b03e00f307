namespace Matriarch.Cli;

/// <summary>Waits for a condition, with a bound.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is yes; false when it was not within the limit.</summary>
    public static async Task<bool> WaitAsync(
        Func<bool> condition, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(start) >= limit)
            {
                return false;
            }

            await Task.Delay(Interval, time, cancellation);
        }

        return true;
    }
}
