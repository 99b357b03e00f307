namespace Matriarch.Chaos;

/// <summary>Leaders that answer clients: one for each term, never an older one after a newer one.</summary>
internal static class TermCheck
{
    /// <summary>Acknowledged writes, in any order.</summary>
    /// <param name="writes">The writes.</param>
    /// <param name="firstOfTerm">When the first write of each term was acknowledged.</param>
    /// <param name="leaders">Who leads each term; learned from the writes.</param>
    /// <param name="findings">What is wrong.</param>
    public static void Writes(
        IEnumerable<Write> writes, Dictionary<long, TimeSpan> firstOfTerm, Dictionary<long, string> leaders,
        Findings findings)
    {
        foreach (var write in writes)
        {
            var by = write.By!.Value;
            if (Newer(by.Term, write.Invoked, firstOfTerm) is { } newer)
            {
                findings.Add(
                    HistoryChecker.DirtyLeader, $"{write} began after term {newer} had acknowledged", write.Invoked);
            }

            if (by.Timeline != by.Term)
            {
                findings.Add(HistoryChecker.TimelineIsTerm, $"{write}", write.Invoked);
            }

            if (!leaders.TryAdd(by.Term, by.Node) && leaders[by.Term] != by.Node)
            {
                findings.Add(
                    HistoryChecker.OneLeader, $"{write}, but {leaders[by.Term]} leads term {by.Term}", write.Invoked);
            }
        }
    }

    /// <summary>Whether a primary read counts; what was answered by an older leader does not.</summary>
    public static bool IsFresh(
        Read read, Dictionary<long, TimeSpan> firstOfTerm, IReadOnlySet<string> unfenced, Findings findings)
    {
        if (read.InRecovery)
        {
            findings.Add(HistoryChecker.NotPrimary, $"{read}", read.Invoked);
            return false;
        }

        if (Newer(read.By.Term, read.Invoked, firstOfTerm) is not { } newer)
        {
            return true;
        }

        if (unfenced.Contains(read.By.Node))
        {
            findings.Allow(HistoryChecker.StaleAllowed);
        }
        else
        {
            findings.Add(
                HistoryChecker.DirtyLeader, $"{read} began after term {newer} had acknowledged", read.Invoked);
        }

        return false;
    }

    private static long? Newer(long term, TimeSpan at, Dictionary<long, TimeSpan> firstOfTerm)
    {
        var newer = firstOfTerm.Where(f => f.Key > term && f.Value < at).Select(f => f.Key).ToList();
        return newer.Count == 0 ? null : newer.Max();
    }
}
