using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>
/// Judges what clients heard, round by round, and remembers what has to hold in the rounds after. It knows nothing of
/// the cluster but what was told to clients and what lies in the nodes' directories, and does no IO.
/// </summary>
/// <remarks>
/// A write is there from its acknowledgement on, a row from the end of the first primary read that shows it: every
/// primary read that <em>begins</em> later has to have it. What overlaps may go either way.
/// </remarks>
internal sealed class HistoryChecker
{
    public const string Lost = "no acknowledged write is lost";
    public const string Vanished = "what a primary read has shown stays";
    public const string Whole = "a transaction is seen whole or not at all";
    public const string DirtyLeader = "no leader of an older term answers after a newer one has acknowledged";
    public const string NotPrimary = "primary reads are answered by a primary";
    public const string TimelineIsTerm = "a leader writes on the timeline of its term";
    public const string OneLeader = "a term has one leader";
    public const string OneHistory = "a timeline has one history";
    public const string ReplicaVanished = "what a replica has shown vanishes only by a rewind or a copy";

    public const string StaleAllowed = "stale reads from a primary whose agent was frozen or gone";
    public const string VanishedAllowed = "rows that vanished from a replica that was rewound or copied";
    public const string CancelledAllowed = "primary reads without rows whose wait for replication was cancelled";
    public const string ForeignAllowed = "timelines that clash with a promotion by hand";

    /// <summary>What the gateway says of such a commit: statement_completion_unknown.</summary>
    private const string CommitCancelled = "40003";

    /// <summary>From when on a row has to be there, and whether because it was acknowledged.</summary>
    private readonly SortedList<long, (TimeSpan Since, bool IsAcknowledged)> _due = [];

    /// <summary>
    /// Rows of commits whose wait for replication somebody cancelled. PostgreSQL then shows them (SyncRepWaitForLSN in
    /// syncrep.c) although a failover may lose them: the client is told that the outcome is unknown, readers are not.
    /// </summary>
    private readonly HashSet<long> _cancelled = [];

    private readonly Dictionary<long, TimeSpan> _firstOfTerm = [];
    private readonly Dictionary<long, string> _leaders = [];
    private readonly Dictionary<long, TimelineFile> _timelines = [];
    private readonly HashSet<long> _foreign = [];

    /// <summary>Judges the next round.</summary>
    public Verdict Check(Round round)
    {
        var findings = new Findings();
        var acknowledged = round.Writes.Where(w => w.Outcome == Outcome.Acknowledged).ToList();
        LearnTerms(acknowledged);
        TermCheck.Writes(acknowledged, _firstOfTerm, _leaders, findings);
        var primary = round.Reads.Where(r => !r.IsDirect).OrderBy(r => r.Completed)
            .Where(r => TermCheck.IsFresh(r, _firstOfTerm, round.Unfenced, findings)).ToList();
        _cancelled.UnionWith(round.Writes.Where(w => w.Error == CommitCancelled).SelectMany(w => w.Ids));
        Learn(acknowledged, primary);
        PrimaryReadCheck.Run(primary, _due, _cancelled, findings);
        PrimaryReadCheck.Wholeness(primary, round.Writes, findings);
        ReplicaCheck.Run(round, primary, findings);
        LeadershipCheck.Rules(round.Rules, _leaders, findings);
        _foreign.UnionWith(round.Foreign);
        LeadershipCheck.Timelines(round.Timelines, _timelines, _foreign, findings);
        return findings.ToVerdict();
    }

    private void LearnTerms(List<Write> acknowledged)
    {
        foreach (var write in acknowledged)
        {
            var term = write.By!.Value.Term;
            if (!_firstOfTerm.TryGetValue(term, out var first) || write.Completed < first)
            {
                _firstOfTerm[term] = write.Completed;
            }
        }
    }

    private void Learn(List<Write> acknowledged, List<Read> primary)
    {
        foreach (var write in acknowledged)
        {
            foreach (var id in write.Ids)
            {
                _due[id] = _due.TryGetValue(id, out var seen) && seen.Since < write.Completed
                    ? seen with { IsAcknowledged = true }
                    : (write.Completed, true);
            }
        }

        foreach (var read in primary)
        {
            foreach (var id in read.Ids)
            {
                _ = _due.TryAdd(id, (read.Completed, false));
            }
        }
    }
}
