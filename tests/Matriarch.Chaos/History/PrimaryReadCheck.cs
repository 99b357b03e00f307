namespace Matriarch.Chaos;

/// <summary>Reads of the primary: everything is there that has to be.</summary>
internal static class PrimaryReadCheck
{
    /// <summary>Rows that are due and missing.</summary>
    /// <param name="reads">Of the primary.</param>
    /// <param name="due">From when on each row has to be there, by id.</param>
    /// <param name="cancelled">Rows that may have been shown too early, unless they were acknowledged.</param>
    /// <param name="findings">What is wrong.</param>
    public static void Run(
        IEnumerable<Read> reads, SortedList<long, (TimeSpan Since, bool IsAcknowledged)> due,
        IReadOnlySet<long> cancelled, Findings findings)
    {
        foreach (var read in reads)
        {
            var seen = 0;
            for (var i = FirstAtOrAbove(due.Keys, read.From); i < due.Count; i++)
            {
                var id = due.Keys[i];
                while (seen < read.Ids.Length && read.Ids[seen] < id)
                {
                    seen++;
                }

                var isThere = seen < read.Ids.Length && read.Ids[seen] == id;
                if (!isThere && due.Values[i] is var (since, isAcknowledged) && since < read.Invoked)
                {
                    Tell(id, since, isAcknowledged, read, cancelled, findings);
                }
            }
        }
    }

    private static void Tell(
        long id, TimeSpan since, bool isAcknowledged, Read read, IReadOnlySet<long> cancelled, Findings findings)
    {
        if (!isAcknowledged && cancelled.Contains(id))
        {
            findings.Allow(HistoryChecker.CancelledAllowed);
            return;
        }

        findings.Add(
            isAcknowledged ? HistoryChecker.Lost : HistoryChecker.Vanished,
            FormattableString.Invariant($"row {id}, due since {since.TotalSeconds:F3} s, is not in {read}"),
            read.Invoked);
    }

    /// <summary>Transactions of several rows of which a read saw some.</summary>
    public static void Wholeness(IReadOnlyList<Read> reads, IEnumerable<Write> writes, Findings findings)
    {
        foreach (var write in writes.Where(w => w.Count > 1))
        {
            foreach (var read in reads.Where(r => r.From <= write.First && r.Completed >= write.Invoked))
            {
                var seen = write.Ids.Count(read.Has);
                if (seen != 0 && seen != write.Count)
                {
                    findings.Add(HistoryChecker.Whole, $"{seen} rows of {write} are in {read}", read.Invoked);
                }
            }
        }
    }

    private static int FirstAtOrAbove(IList<long> keys, long value)
    {
        var (low, high) = (0, keys.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = keys[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
