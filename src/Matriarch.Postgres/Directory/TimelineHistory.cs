using System.Collections.Immutable;
using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// The ancestry of a timeline, as its history file tells it: which timelines it came through and where it left each.
/// </summary>
/// <param name="Timeline">The timeline itself.</param>
/// <param name="Ancestors">Oldest first; the LSN is where the next one begins.</param>
internal sealed record TimelineHistory(Timeline Timeline, ImmutableArray<WalPosition> Ancestors)
{
    public static string FileName(Timeline timeline) =>
        timeline.Value.ToString("X8", CultureInfo.InvariantCulture) + ".history";

    /// <summary>Parses a history file: lines of "timeline, tab, LSN, tab, reason"; # begins a comment.</summary>
    /// <exception cref="FormatException">It is empty or not such a file.</exception>
    public static TimelineHistory Parse(Timeline timeline, string content)
    {
        var ancestors = ImmutableArray.CreateBuilder<WalPosition>();
        foreach (var raw in content.Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var fields = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 2
                || !uint.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || !Lsn.TryParse(fields[1], out var end))
            {
                throw new FormatException($"the history of timeline {timeline} has an unreadable line");
            }

            ancestors.Add(new WalPosition(new Timeline(id), end));
        }

        return ancestors.Count > 0
            ? new TimelineHistory(timeline, ancestors.ToImmutable())
            : throw new FormatException($"the history of timeline {timeline} is empty");
    }

    /// <summary>The history of a timeline that has no parents: the one that initdb makes.</summary>
    public static TimelineHistory Root(Timeline timeline) => new(timeline, []);

    /// <summary>
    /// Where the WAL of two histories parts: the end of the last timeline that both passed through. Null when they have
    /// none in common. When one timeline is the other, or its ancestor, that is the end of its part in the longer
    /// history.
    /// </summary>
    public WalPosition? LastCommon(TimelineHistory other)
    {
        WalPosition? common = null;
        var ends = new WalPosition(Timeline, new Lsn(ulong.MaxValue));
        var otherEnds = new WalPosition(other.Timeline, new Lsn(ulong.MaxValue));
        var mine = Ancestors.Add(ends);
        var theirs = other.Ancestors.Add(otherEnds);
        for (var i = 0; i < Math.Min(mine.Length, theirs.Length) && mine[i].Timeline == theirs[i].Timeline; i++)
        {
            common = mine[i].Lsn <= theirs[i].Lsn ? mine[i] : theirs[i];
            if (mine[i].Lsn != theirs[i].Lsn)
            {
                break;
            }
        }

        return common;
    }
}
