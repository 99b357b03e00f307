using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>Which logical slots are to survive a change of the primary, by the settings.</summary>
/// <param name="Mode">postgres.logical-slots.</param>
/// <param name="Ignored">postgres.ignored-logical-slots: names, in which * stands for any characters.</param>
internal sealed record SlotSelection(LogicalSlotMode Mode, IReadOnlyList<string> Ignored)
{
    /// <summary>Whether the agent looks after a slot of that name at all.</summary>
    public bool Includes(string name) =>
        Mode == LogicalSlotMode.Failover && !Ignored.Any(pattern => Matches(pattern, name));

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var star = pattern.IndexOf('*');
        if (star < 0)
        {
            return pattern.SequenceEqual(name);
        }

        if (!name.StartsWith(pattern[..star], StringComparison.Ordinal))
        {
            return false;
        }

        var rest = pattern[(star + 1)..];
        for (var from = star; from <= name.Length; from++)
        {
            if (Matches(rest, name[from..]))
            {
                return true;
            }
        }

        return false;
    }
}
