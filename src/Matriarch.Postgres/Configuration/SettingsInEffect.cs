namespace Matriarch.Postgres;

/// <summary>Waits until a reload has reached the sessions: a signal is only a request.</summary>
internal static class SettingsInEffect
{
    public static async Task<bool> WaitAsync(
        ServerContext context, string name, string value, Deadline until, CancellationToken cancellation)
    {
        while (true)
        {
            var seen = await context.QueryAsync(
                c => c.ScalarAsync<string>("SELECT current_setting($1)", name), cancellation);
            if (seen.IsSuccess && seen.Value == value)
            {
                return true;
            }

            if (until.IsOver)
            {
                return false;
            }

            await until.PauseAsync(2, cancellation);
        }
    }
}
