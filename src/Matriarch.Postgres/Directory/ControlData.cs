using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>What pg_controldata tells of a data directory. Exact only while the server is stopped.</summary>
/// <param name="System">Identity of the instance.</param>
/// <param name="ClusterState">PostgreSQL's words, for example "shut down" or "in archive recovery".</param>
/// <param name="CheckpointLsn">Location of the latest checkpoint record.</param>
/// <param name="CheckpointTimeline">Timeline of the latest checkpoint.</param>
/// <param name="MinRecoveryLsn">The server is inconsistent before it has replayed to here; zero when that does not
/// apply.</param>
/// <param name="MinRecoveryTimeline">Its timeline; null when that does not apply.</param>
public sealed record ControlData(
    SystemIdentifier System,
    string ClusterState,
    Lsn CheckpointLsn,
    Timeline CheckpointTimeline,
    Lsn MinRecoveryLsn,
    Timeline? MinRecoveryTimeline)
{
    /// <summary>Whether it was stopped cleanly, as a primary or as a standby.</summary>
    public bool IsCleanlyShutDown => ClusterState is "shut down" or "shut down in recovery";

    /// <summary>Parses the output of pg_controldata under LC_ALL=C.</summary>
    /// <exception cref="FormatException">A line is missing or unreadable.</exception>
    public static ControlData Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                values.TryAdd(line[..colon], line[(colon + 1)..].Trim());
            }
        }

        var minTimeline = ParseUInt(Value("Min recovery ending loc's timeline"));
        return new ControlData(
            new SystemIdentifier(ulong.Parse(
                Value("Database system identifier"), NumberStyles.None, CultureInfo.InvariantCulture)),
            Value("Database cluster state"),
            Lsn.Parse(Value("Latest checkpoint location")),
            new Timeline(ParseUInt(Value("Latest checkpoint's TimeLineID"))),
            Lsn.Parse(Value("Minimum recovery ending location")),
            minTimeline == 0 ? null : new Timeline(minTimeline));

        string Value(string key) => values.TryGetValue(key, out var value)
            ? value
            : throw new FormatException($"pg_controldata did not print \"{key}\"");

        static uint ParseUInt(string value) => uint.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
