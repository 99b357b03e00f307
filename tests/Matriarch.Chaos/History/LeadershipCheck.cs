namespace Matriarch.Chaos;

/// <summary>What lies in the nodes' databases and directories: rules and timelines.</summary>
internal static class LeadershipCheck
{
    /// <summary>A term has one leader, in every database and at all times.</summary>
    public static void Rules(IEnumerable<RuleRow> rows, Dictionary<long, string> leaders, Findings findings)
    {
        foreach (var row in rows)
        {
            if (!leaders.TryAdd(row.Term, row.Leader) && leaders[row.Term] != row.Leader)
            {
                findings.Add(HistoryChecker.OneLeader, $"{row}, but {leaders[row.Term]} leads term {row.Term}");
            }
        }
    }

    /// <summary>
    /// The same timeline came about in the same way wherever it is known; one that was begun by hand is nobody's.
    /// </summary>
    public static void Timelines(
        IEnumerable<TimelineFile> files, Dictionary<long, TimelineFile> known, IReadOnlySet<long> foreign,
        Findings findings)
    {
        foreach (var file in files)
        {
            if (known.TryAdd(file.Timeline, file) || known[file.Timeline].Content == file.Content)
            {
                continue;
            }

            if (foreign.Contains(file.Timeline))
            {
                findings.Allow(HistoryChecker.ForeignAllowed);
                continue;
            }

            findings.Add(
                HistoryChecker.OneHistory,
                $"timeline {file.Timeline} is [{file.Content}] on {file.Node} and "
                + $"[{known[file.Timeline].Content}] on {known[file.Timeline].Node}");
        }
    }
}
