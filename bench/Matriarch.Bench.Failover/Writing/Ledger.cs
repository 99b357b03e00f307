namespace Matriarch.Bench.Failover;

/// <summary>
/// What the clients of one run were told: which writes are done, when, and by whom, and what went wrong. Safe for any
/// thread.
/// </summary>
internal sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly List<Acknowledgement> _acknowledged = [];
    private readonly List<ClientError> _errors = [];

    /// <summary>A write is done.</summary>
    public void Add(Acknowledgement acknowledgement)
    {
        lock (_lock)
        {
            _acknowledged.Add(acknowledgement);
        }
    }

    /// <summary>Something failed; the outcome of the write, if one was on its way, is unknown.</summary>
    public void Add(ClientError error)
    {
        lock (_lock)
        {
            _errors.Add(error);
        }
    }

    /// <summary>All writes that are done, in the order in which they were heard.</summary>
    public IReadOnlyList<Acknowledgement> Acknowledged
    {
        get
        {
            lock (_lock)
            {
                return [.. _acknowledged.OrderBy(a => a.At)];
            }
        }
    }

    /// <summary>The errors from a time on.</summary>
    public IReadOnlyList<ClientError> ErrorsFrom(TimeSpan from)
    {
        lock (_lock)
        {
            return [.. _errors.Where(e => e.At >= from)];
        }
    }

    /// <summary>How many of the clients have had so many writes done since a time, by a server that counts.</summary>
    public int ClientsWith(int writes, TimeSpan since, Func<ServerLife, bool> counts)
    {
        lock (_lock)
        {
            return _acknowledged.Where(a => a.At >= since && counts(a.Server))
                .GroupBy(a => a.Client).Count(g => g.Count() >= writes);
        }
    }

    /// <summary>
    /// The longest time without an acknowledgement of any client that reaches into the span; null when no two
    /// acknowledgements enclose any of it. What is open at its end counts up to the last acknowledgement only, so a run
    /// goes on until writes have come back.
    /// </summary>
    public Gap? LongestGap(TimeSpan from, TimeSpan to)
    {
        Gap? longest = null;
        Acknowledgement? before = null;
        foreach (var acknowledgement in Acknowledged)
        {
            if (before is { } last && acknowledgement.At >= from && last.At <= to)
            {
                var gap = new Gap(last.At, acknowledgement.At);
                if (longest is null || gap.Length > longest.Value.Length)
                {
                    longest = gap;
                }
            }

            before = acknowledgement;
        }

        return longest;
    }

    /// <summary>The writes that are done and yet not there.</summary>
    /// <param name="present">Client and number of every row that was read back.</param>
    public IReadOnlyList<Acknowledgement> Missing(IReadOnlySet<(int Client, long Number)> present) =>
        [.. Acknowledged.Where(a => !present.Contains((a.Client, a.Number)))];
}
