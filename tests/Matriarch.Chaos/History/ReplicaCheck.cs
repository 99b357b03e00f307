namespace Matriarch.Chaos;

/// <summary>
/// Reads of replicas, asked directly. They lag, and they show rows before the commit is acknowledged; such a row may
/// vanish again, but only where the replica was rewound or copied anew.
/// </summary>
internal static class ReplicaCheck
{
    /// <param name="round">The round.</param>
    /// <param name="primary">The primary reads that count, in order.</param>
    /// <param name="findings">What is wrong, and what is allowed.</param>
    public static void Run(Round round, IReadOnlyList<Read> primary, Findings findings)
    {
        foreach (var node in round.Reads.Where(r => r is { IsDirect: true, InRecovery: true }).GroupBy(r => r.By.Node))
        {
            var vanished = Vanished([.. node.OrderBy(r => r.Completed)], primary);
            if (vanished.Count > 0 && round.Rewound.Contains(node.Key))
            {
                findings.Allow(HistoryChecker.VanishedAllowed, vanished.Count);
                continue;
            }

            foreach (var (id, read) in vanished)
            {
                findings.Add(
                    HistoryChecker.ReplicaVanished,
                    $"row {id}, which {node.Key} had shown before, is not in {read}", read.Invoked);
            }
        }
    }

    // Each row once, with the first read that misses it: of the same replica, or of the primary at the end.
    private static Dictionary<long, Read> Vanished(List<Read> reads, IReadOnlyList<Read> primary)
    {
        var vanished = new Dictionary<long, Read>();
        var shown = new SortedDictionary<long, TimeSpan>();
        foreach (var read in reads)
        {
            Miss(shown, read, vanished);
            foreach (var id in read.Ids)
            {
                _ = shown.TryAdd(id, read.Completed);
            }
        }

        if (primary.Count > 0)
        {
            Miss(shown, primary.Last(r => r.From == primary.Min(p => p.From)), vanished);
        }

        return vanished;
    }

    private static void Miss(SortedDictionary<long, TimeSpan> shown, Read read, Dictionary<long, Read> vanished)
    {
        foreach (var id in shown.Where(s => s.Key >= read.From && s.Value < read.Invoked && !read.Has(s.Key))
            .Select(s => s.Key))
        {
            _ = vanished.TryAdd(id, read);
        }
    }
}
