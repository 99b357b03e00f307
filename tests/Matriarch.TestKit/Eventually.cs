namespace Matriarch.TestKit;

/// <summary>Waits for a condition with a deadline that says what did not happen; tests never sleep.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Polls until the condition holds.</summary>
    /// <param name="what">Completes the sentence "did not happen in time: …".</param>
    /// <param name="condition">May throw; the last exception is the cause of the failure.</param>
    /// <param name="deadline">Ten seconds when null.</param>
    /// <exception cref="TimeoutException">It did not hold in time.</exception>
    public static async Task HoldsAsync(string what, Func<Task<bool>> condition, TimeSpan? deadline = null)
    {
        var time = TestTime.Real;
        var start = time.GetTimestamp();
        Exception? last = null;
        do
        {
            try
            {
                if (await condition())
                {
                    return;
                }

                last = null;
            }
            catch (Exception e)
            {
                last = e;
            }

            await Task.Delay(Interval, time);
        }
        while (time.GetElapsedTime(start) < (deadline ?? TimeSpan.FromSeconds(10)));

        throw new TimeoutException($"did not happen in time: {what}{(last is null ? "" : $" ({last.Message})")}", last);
    }

    /// <inheritdoc cref="HoldsAsync(string, Func{Task{bool}}, TimeSpan?)"/>
    public static Task HoldsAsync(string what, Func<bool> condition, TimeSpan? deadline = null) =>
        HoldsAsync(what, () => Task.FromResult(condition()), deadline);
}
