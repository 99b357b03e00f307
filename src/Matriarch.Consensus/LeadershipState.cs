using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>One leadership of this node, from its appointment to its end.</summary>
internal sealed class LeadershipState(Term term, Rule rule, TimeSpan startedAt, TimeSpan serveNotBefore, bool isResumed)
{
    public Term Term { get; } = term;

    public TimeSpan StartedAt { get; } = startedAt;

    /// <summary>The old leader's lease has run out by then at the latest.</summary>
    public TimeSpan ServeNotBefore { get; } = serveNotBefore;

    /// <summary>
    /// An agent that found its own primary running goes on with it; its followers are attached already.
    /// </summary>
    public bool IsResumed { get; } = isResumed;

    public LeadershipPhase Phase { get; set; } = LeadershipPhase.Promoting;

    /// <summary>The rule in force; revision 0 until members change.</summary>
    public Rule Rule { get; set; } = rule;

    /// <summary>The rule row on its way to its quorum; null when none is.</summary>
    public RuleChange? Change { get; set; } = new(rule, RuleChangeKind.NewTerm, startedAt);

    /// <summary>Of which rule PostgreSQL waits for a quorum, and for how many copies at least.</summary>
    public (Rule? Rule, int LeastCopies) Standbys { get; set; }

    /// <summary>Since when fewer standbys are attached than the setting for all voters asks for.</summary>
    public TimeSpan? UnmetSince { get; set; }

    /// <summary>Since when PostgreSQL is not seen to be the primary of this term; null while it is.</summary>
    public TimeSpan? UnseenSince { get; set; }

    /// <summary>Since when a switchover is under way.</summary>
    public TimeSpan? HandoverSince { get; set; }

    /// <summary>Whom a switchover wants to lead next.</summary>
    public NodeId Successor { get; set; }
}
