using System.Collections.Immutable;
using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// History files of timelines that this standby has heard of but never came to, and that do not lie on its way either.
/// </summary>
/// <remarks>
/// A WAL receiver fetches the history of its leader's timeline before any WAL of it. When that leader is lost right
/// then, the file stays, and the startup process has taken its timeline as its target: it then refuses to follow a
/// newer leader that did not come from there, and a promotion would name it as the parent (rescanLatestTimeLine,
/// writeTimeLineHistory). The startup process forgets only by a restart, so: stop, remove the files, start.
/// </remarks>
internal sealed class StrayHistories(ServerContext context, Lifecycle lifecycle)
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(5);

    /// <summary>Timelines above the current one for which the own pg_wal has a history, but which are not on the
    /// way.</summary>
    /// <param name="current">The timeline of replay.</param>
    /// <param name="onTheWay">Timelines that the server is going to follow.</param>
    public ImmutableArray<Timeline> Find(Timeline current, IReadOnlySet<Timeline> onTheWay)
    {
        var stray = ImmutableArray.CreateBuilder<Timeline>();
        foreach (var file in Directory.EnumerateFiles(context.Paths.PgWal, "*.history"))
        {
            if (uint.TryParse(
                    Path.GetFileNameWithoutExtension(file), NumberStyles.AllowHexSpecifier,
                        CultureInfo.InvariantCulture,
                    out var id)
                && id > current.Value && !onTheWay.Contains(new Timeline(id)) && new FileInfo(file).Length > 0)
            {
                stray.Add(new Timeline(id));
            }
        }

        return stray.ToImmutable();
    }

    /// <summary>Restarts the server without them. Everything received must have been replayed (it is
    /// detached).</summary>
    public async Task<ServerOutcome> RemoveAsync(
        ImmutableArray<Timeline> stray, TimeSpan deadline, CancellationToken cancellation)
    {
        await lifecycle.StopAsync(ShutdownMode.Fast, StopDeadline);
        foreach (var timeline in stray)
        {
            DurableFile.Delete(Path.Combine(context.Paths.PgWal, TimelineHistory.FileName(timeline)));
        }

        return await lifecycle.StartAsync(null, deadline, cancellation) switch
        {
            StartOutcome.Running => ServerOutcome.Success,
            StartOutcome.Failed failed => new ServerOutcome.Failed($"the restart failed: {failed.Reason}"),
            _ => new ServerOutcome.Failed("the restart took too long"),
        };
    }
}
