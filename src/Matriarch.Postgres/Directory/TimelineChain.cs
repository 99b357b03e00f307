using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// Keeps the history files of pg_wal such that PostgreSQL finds its way although timeline ids have gaps (timeline =
/// term, and not every term has a leader).
/// </summary>
/// <remarks>
/// <para>PostgreSQL takes timelines to be numbered without gaps. To find the newest one it counts upwards and stops
/// at the first id without a history file (findNewestTimeLine), so a standby does not see what is beyond a gap. A WAL
/// receiver asks its upstream for the history of every id between its own timeline and the upstream's, and ends when
/// one is missing (WalRcvFetchTimeLineHistoryFiles): it never gets to stream.</para>
/// <para>So ids that nobody has led get an empty file. An empty history is a child of nothing: as long as a real
/// history stands at the end of the chain, PostgreSQL only ever asks whether the empty ones exist. At the end of the
/// chain one would be taken for the target, so none may stand there when the server starts.</para>
/// </remarks>
internal sealed class TimelineChain(ServerPaths paths, OsUser user)
{
    private const int MaxGap = 100_000;

    /// <summary>
    /// Before a start: ends the chain at the newest timeline of which there is WAL here and that comes from the present
    /// one. Timelines that were only heard of are forgotten; their histories come again with their WAL.
    /// </summary>
    /// <param name="control">Of the stopped server.</param>
    public void PrepareStart(ControlData control)
    {
        var present = control.MinRecoveryTimeline is { } recovery && recovery > control.CheckpointTimeline
            ? recovery
            : control.CheckpointTimeline;
        var histories = Histories();
        var withWal = TimelinesWithWal();
        var newest = histories
            .Where(h => h.Key > present.Value && withWal.Contains(h.Key) && ComesFrom(h.Key, present))
            .Select(h => h.Key)
            .Append(present.Value)
            .Max();
        foreach (var id in histories.Keys.Where(id => id > newest))
        {
            File.Delete(PathOf(new Timeline(id)));
        }

        Fill(present, new Timeline(newest), []);
    }

    /// <summary>Makes the way from the present timeline to the upstream's passable.</summary>
    /// <param name="present">The timeline of replay.</param>
    /// <param name="upstream">Timeline and ancestry of the upstream.</param>
    /// <param name="content">The upstream's history file; null when its timeline has none.</param>
    /// <param name="goal">The timeline that the upstream has or is about to have.</param>
    public void PrepareFollow(Timeline present, TimelineHistory upstream, string? content, Timeline goal)
    {
        if (content is not null && upstream.Timeline > present && !IsReal(upstream.Timeline))
        {
            DurableFile.Replace(PathOf(upstream.Timeline), content, user);
        }

        Fill(present, goal, upstream.Ancestors.Select(a => a.Timeline).Append(upstream.Timeline).ToHashSet());
    }

    // Downwards, so that the chain does not reach from the present timeline to an empty end at any moment.
    private void Fill(Timeline after, Timeline before, HashSet<Timeline> real)
    {
        Invariant.Holds(before.Value < after.Value + MaxGap, "terms grow by elections, not by leaps");
        var isFilled = false;
        for (var id = before.Value - 1; id > after.Value && before.Value > 0; id--)
        {
            var timeline = new Timeline(id);
            var path = PathOf(timeline);
            // A walreceiver fetches the histories that do exist.
            if (!real.Contains(timeline) && !File.Exists(path))
            {
                File.WriteAllBytes(path, []);
                user.Own(path);
                isFilled = true;
            }
        }

        if (isFilled)
        {
            Posix.SyncDirectory(paths.PgWal);
        }
    }

    private bool ComesFrom(uint id, Timeline ancestor)
    {
        try
        {
            var history = TimelineHistory.Parse(new Timeline(id), File.ReadAllText(PathOf(new Timeline(id))));
            return history.Ancestors.Any(a => a.Timeline == ancestor);
        }
        catch (FormatException)
        {
            return false; // empty: a gap
        }
    }

    private bool IsReal(Timeline timeline) => new FileInfo(PathOf(timeline)) is { Exists: true, Length: > 0 };

    private Dictionary<uint, string> Histories()
    {
        var histories = new Dictionary<uint, string>();
        foreach (var file in Directory.EnumerateFiles(paths.PgWal, "*.history"))
        {
            if (TryParse(Path.GetFileNameWithoutExtension(file), out var id))
            {
                histories[id] = file;
            }
        }

        return histories;
    }

    private HashSet<uint> TimelinesWithWal()
    {
        var timelines = new HashSet<uint>();
        foreach (var file in Directory.EnumerateFiles(paths.PgWal))
        {
            var name = Path.GetFileName(file);
            if (name.Length == 24 && TryParse(name.AsSpan(0, 8), out var id))
            {
                timelines.Add(id);
            }
        }

        return timelines;
    }

    private string PathOf(Timeline timeline) => Path.Combine(paths.PgWal, TimelineHistory.FileName(timeline));

    private static bool TryParse(ReadOnlySpan<char> text, out uint id) =>
        uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id);
}
