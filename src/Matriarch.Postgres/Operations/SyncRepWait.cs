namespace Matriarch.Postgres;

/// <summary>Sees, from another connection, whether a backend waits for synchronous standbys.</summary>
internal static class SyncRepWait
{
    /// <summary>Looks until the backend waits; false when its work ended without that, or the time is over.</summary>
    public static async Task<bool> SeenAsync(
        ServerContext context, int pid, Task work, Deadline until, CancellationToken cancellation)
    {
        while (!until.IsOver && !work.IsCompleted)
        {
            if (await IsWaitingAsync(context, pid, cancellation))
            {
                return true;
            }

            // Its end is the likelier thing to happen when there is nobody to wait for.
            await Task.WhenAny(work, until.PauseAsync(2, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }

        return false;
    }

    public static async Task<bool> IsWaitingAsync(ServerContext context, int pid, CancellationToken cancellation)
    {
        var seen = await context.QueryAsync(
            c => c.ScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_stat_get_activity($1) WHERE wait_event = 'SyncRep')", pid),
            cancellation);
        return seen is { IsSuccess: true, Value: true };
    }
}
