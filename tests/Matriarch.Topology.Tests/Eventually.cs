namespace Matriarch.Topology.Tests;

/// <summary>Waiting for a condition, with a deadline that says what did not happen.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> probe)
        where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await probe() is { } found)
            {
                return found;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, $"did not happen: {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public static Task HoldsAsync(string what, Func<bool> condition) =>
        GetAsync(what, () => Task.FromResult(condition() ? what : null));
}
