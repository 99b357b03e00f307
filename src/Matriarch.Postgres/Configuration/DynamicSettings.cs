using System.Collections.Immutable;
using System.Text;

namespace Matriarch.Postgres;

/// <summary>
/// The settings that change while the server runs, as the content of matriarch.conf. A name without a value is absent,
/// which means PostgreSQL's default: nothing.
/// </summary>
internal sealed record DynamicSettings(ImmutableSortedDictionary<string, string> Values)
{
    public const string PrimaryConnInfo = "primary_conninfo";
    public const string PrimarySlotName = "primary_slot_name";
    public const string RestoreCommand = "restore_command";
    public const string SynchronousStandbyNames = "synchronous_standby_names";
    public const string WalInitZero = "wal_init_zero";
    public const string HotStandbyFeedback = "hot_standby_feedback";
    public const string SyncReplicationSlots = "sync_replication_slots";
    public const string SynchronizedStandbySlots = "synchronized_standby_slots";

    public static readonly DynamicSettings Empty =
        new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>The value; empty when absent.</summary>
    public string this[string name] => Values.GetValueOrDefault(name, "");

    /// <summary>With this value; an empty one removes it.</summary>
    public DynamicSettings With(string name, string value) =>
        new(value.Length == 0 ? Values.Remove(name) : Values.SetItem(name, value));

    /// <summary>Following nobody and restoring from nowhere.</summary>
    public DynamicSettings Detached() =>
        With(PrimaryConnInfo, "").With(PrimarySlotName, "").With(RestoreCommand, "").With(WalInitZero, "")
            .With(SyncReplicationSlots, "");

    /// <summary>The content of the file.</summary>
    public string Render()
    {
        var text = new StringBuilder("# Written by Matriarch while the server runs.\n");
        foreach (var (name, value) in Values)
        {
            text.Append(name).Append(" = ").Append(ServerConfiguration.Quote(value)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads back what <see cref="Render"/> wrote; anything else is ignored.</summary>
    public static DynamicSettings Parse(string text)
    {
        var settings = Empty;
        foreach (var line in text.Split('\n'))
        {
            var fields = line.Split(" = ", 2);
            if (fields.Length == 2 && fields[1].Length >= 2 && fields[1][0] == '\'' && fields[1][^1] == '\'')
            {
                var value = fields[1][1..^1]
                    .Replace("''", "'", StringComparison.Ordinal)
                    .Replace("\\\\", "\\", StringComparison.Ordinal);
                settings = settings.With(fields[0], value);
            }
        }

        return settings;
    }
}
