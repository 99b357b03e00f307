using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// One attempt of a coordinator to recruit enough voters for a term, and the decision that follows from the answers
/// (docs/architecture.md, steps 3 to 5). Holds no clock: whoever asks tells the time.
/// </summary>
internal sealed class Recruitment(Term term, ulong nonce, TimeSpan startedAt, IReadOnlyCollection<NodeId> targets)
{
    private readonly Dictionary<NodeId, Answer> _answers = [];

    public Term Term { get; } = term;

    public ulong Nonce { get; } = nonce;

    public TimeSpan StartedAt { get; } = startedAt;

    /// <summary>All voters of the rules known when the attempt began.</summary>
    public IReadOnlyCollection<NodeId> Targets { get; } = targets;

    /// <summary>Voters that were expected to answer when the attempt began; worth a short wait.</summary>
    public required IReadOnlyCollection<NodeId> Expected { get; init; }

    /// <summary>A person has decided that the coordinator goes on alone.</summary>
    public bool IsForced { get; init; }

    /// <summary>When the recruits became enough; null before.</summary>
    public TimeSpan? EnoughSince { get; private set; }

    /// <summary>When the requests were last sent.</summary>
    public TimeSpan AskedAt { get; set; } = startedAt;

    public bool HasAnswered(NodeId node) => _answers.ContainsKey(node);

    /// <summary>
    /// Takes an answer; the first of each voter counts, since position and promise cannot change any more.
    /// </summary>
    public void Take(NodeId from, Message.Recruited recruited, TimeSpan now) =>
        _answers.TryAdd(from, new Answer(from, recruited, now));

    /// <summary>
    /// The decision, or null while there are too few answers. The rule that counts is the one at the most advanced
    /// answer, as in Raft the newest configuration in the log counts, committed or not. A short wait for the expected
    /// voters avoids choosing a base that somebody else would then have to be rewound to.
    /// </summary>
    public Decision? Decide(
        TimeSpan now, TimeSpan patience, NodeId successor, long mostToFetch, Predicate<NodeId> cannotFetch)
    {
        if (_answers.Count == 0)
        {
            return null;
        }

        var newest = _answers.Values.MaxBy(a => a.Reply.Position)!;
        var rule = _answers.Values.Where(a => a.Reply.Position == newest.Reply.Position)
            .Select(a => a.Reply.Rule).Aggregate((a, b) => b.IsNewerThan(a) ? b : a);
        if (IsForced)
        {
            var voter = new Voter(newest.Node, newest.Reply.Incarnation, newest.Reply.Traits.Cell);
            var alone = rule with { Voters = [voter] };
            return new Decision(newest.Node, newest.Reply.Position, newest.Node, alone, [newest.Node]);
        }

        var counted = _answers.Values.Where(a => rule.HasVoter(a.Node, a.Reply.Incarnation)).ToList();
        if (!rule.IsEnough(v => counted.Exists(a => a.Node == v.Node)))
        {
            EnoughSince = null;
            return null;
        }

        EnoughSince ??= now;
        if (now - EnoughSince < patience && Expected.Any(n => !_answers.ContainsKey(n)))
        {
            return null;
        }

        var most = counted.Max(a => a.Reply.Position);
        var holders = counted.Where(a => a.Reply.Position == most).OrderBy(a => a.Node).ToList();
        var leader = Candidates(counted, holders, successor, mostToFetch, cannotFetch)
            .OrderByDescending(a => a.Node == successor)
            .ThenByDescending(a => a.Reply.Traits.Priority)
            .ThenByDescending(a => a.Reply.Position)
            .ThenBy(a => a.Node)
            .FirstOrDefault();
        var holder = leader is not null && holders.Contains(leader) ? leader : holders[0];
        return new Decision(
            leader?.Node ?? default, most, holder.Node, rule, [.. counted.Select(a => a.Node).Order()]);
    }

    /// <summary>
    /// Who may lead: those that hold everything, and those preferred to them that lack little of it. Where none of the
    /// former may lead, whoever may, after fetching what it lacks.
    /// </summary>
    private static IEnumerable<Answer> Candidates(
        List<Answer> counted, List<Answer> holders, NodeId successor, long mostToFetch, Predicate<NodeId> cannotFetch)
    {
        var able = holders.Where(a => a.Reply.Traits.CanLead).ToList();
        var others = counted.Where(a => a.Reply.Traits.CanLead && !holders.Contains(a)).ToList();
        if (able.Count == 0)
        {
            return others.Where(a => !cannotFetch(a.Node));
        }

        var most = holders[0].Reply.Position;
        var highest = able.Max(a => a.Reply.Traits.Priority);
        return able.Concat(others.Where(a => (a.Node == successor || a.Reply.Traits.Priority > highest)
            && a.Reply.Position.Timeline == most.Timeline
            && most.Lsn.BytesAfter(a.Reply.Position.Lsn) <= mostToFetch
            && !cannotFetch(a.Node)));
    }

    /// <summary>
    /// How long an old leader might still hold a lease: until each acknowledgement that a recruit gave to a leader not
    /// known to be fenced is older than the lease. Any majority that a lease rests on has a voter among the recruits.
    /// </summary>
    public TimeSpan LeaseWait(TimeSpan now, TimeSpan leaseDuration, Func<Leadership, bool> isFenced)
    {
        var wait = TimeSpan.Zero;
        foreach (var answer in _answers.Values)
        {
            foreach (var mark in answer.Reply.LeaseMarks)
            {
                if (!isFenced(mark.Leadership))
                {
                    var age = mark.Age + (now - answer.At);
                    wait = Max(wait, (leaseDuration * (1 + ConsensusOptions.ClockDrift)) - age);
                }
            }
        }

        return wait;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>
    /// Enough have been recruited; <paramref name="Leader"/> is none when no recruit may lead. The new term begins with
    /// all WAL to <paramref name="Base"/>, which <paramref name="Holder"/> has.
    /// </summary>
    internal sealed record Decision(
        NodeId Leader, WalPosition Base, NodeId Holder, Rule Rule, IReadOnlyList<NodeId> Recruits);

    private sealed record Answer(NodeId Node, Message.Recruited Reply, TimeSpan At);
}
