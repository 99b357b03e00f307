using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// The leader's rule rows: the first of its term, and one voter more or less at a time (Raft, section 6).
/// </summary>
public sealed partial class ConsensusNode
{
    /// <summary>
    /// A promotion whose rule commit was not seen to wait this often is given up: waiting is not in effect.
    /// </summary>
    private const int MaxUnwaitedWrites = 20;

    private static readonly TimeSpan RewriteInterval = TimeSpan.FromMilliseconds(100);

    private void ConsiderMembership(LeadershipState leading)
    {
        if (leading.Change is not null || _quiesced)
        {
            return;
        }

        foreach (var peer in _peers.All)
        {
            var rule = leading.Rule;
            var isFormerLife = rule.HasVoter(peer.Id) && IsFresh(peer)
                && !rule.HasVoter(peer.Id, peer.Last!.Incarnation);
            if (!isFormerLife && !IsReadyToJoin(peer, leading))
            {
                continue;
            }

            var voter = new Voter(peer.Id, peer.Last!.Incarnation);
            if (isFormerLife)
            {
                // It lost its promises: it is not the voter that it was,
                // and follows us only once it is not taken for it.
                var without = rule.Voters.RemoveAll(v => v.Node == peer.Id);
                Change(
                    leading, rule with { Voters = without }, RuleChangeKind.RemoveVoter,
                    $"{peer.Id} has lost its promises");
            }
            else if (rule.Voters.Length < _options.MaxNodes)
            {
                var with = rule.Voters.Add(voter).Sort((a, b) => a.Node.CompareTo(b.Node));
                Change(
                    leading, rule with { Voters = with }, RuleChangeKind.AddVoter,
                    $"{peer.Id} has caught up and becomes a voter");
            }

            return;
        }
    }

    /// <summary>
    /// A node that streams from us, nearly caught up, and is not yet a voter in this life of its promises.
    /// </summary>
    private bool IsReadyToJoin(Peer peer, LeadershipState leading) =>
        peer.Last is { IsStreaming: true, Condition: PostgresCondition.Running } last
        && IsFresh(peer)
        && !last.Traits.IsObserver
        && last.Promised == leading.Term
        && !leading.Rule.HasVoter(peer.Id, last.Incarnation)
        && last.Position.Timeline == leading.Term.ToTimeline()
        && _status.Position.Lsn.BytesAfter(last.Position.Lsn) <= _options.MaxJoinLagBytes;

    private void Change(LeadershipState leading, Rule next, RuleChangeKind kind, string reason)
    {
        var rule = next with { Revision = leading.Rule.Revision + 1 };
        leading.Change = new RuleChange(rule, kind, _now);
        Report(
            "membership-changing", NoticeSeverity.Info,
            $"{reason}; voters will be {string.Join(", ", rule.Voters.Select(v => v.Node))}");
        Synchronize(StandbysDuring(kind == RuleChangeKind.AddVoter ? rule : leading.Rule));
    }

    /// <summary>
    /// While a row is under way, nodes elsewhere may still decide by the rule before it.
    /// Majorities of two rules that differ by one voter always meet; a fixed number of copies
    /// below a majority need not, so it is raised to one meanwhile.
    /// </summary>
    private SynchronousStandbys StandbysDuring(Rule larger) =>
        larger.Policy.IsAsynchronous || larger.RequiredCopies >= larger.MajorityCount
            ? SynchronousStandbys.For(larger, _self)
            : new SynchronousStandbys(larger.MajorityCount - 1, [.. larger.Standbys(_self)]);

    /// <summary>
    /// Copies of a row that prove it: enough for the policy, and a majority in any policy, so that no later rule forks.
    /// </summary>
    private static int CopiesOfRow(Rule rule) => Math.Max(rule.RequiredCopies, rule.MajorityCount);

    private void AdvanceRuleChange(LeadershipState leading)
    {
        if (leading.Change is not { } change)
        {
            return;
        }

        if (change.Kind == RuleChangeKind.AddVoter && IsNewVoterLost(leading, change))
        {
            TakeBack(leading, change);
            return;
        }

        if (change.WrittenAt is { } written)
        {
            if (CopiesOf(change.Rule, leading.Term, written) >= CopiesOfRow(change.Rule))
            {
                Adopt(leading, change);
            }

            return;
        }

        var isSynchronized = _synchronous is not null && _synchronous.Equals(_status.Synchronous);
        var isDue = change.IssuedAt is null || HasReached(change.IssuedAt.Value + RewriteInterval);
        if (isSynchronized && !change.IsWriting && isDue)
        {
            change.IsWriting = true;
            change.IssuedAt = _now;
            _out.Add(new Effect.WriteRule(change.Rule));
        }
    }

    /// <summary>
    /// The voter being added went away, or lost its promises, before the row was proven: nothing can prove it any more.
    /// </summary>
    private bool IsNewVoterLost(LeadershipState leading, RuleChange change)
    {
        if (!HasReached(change.StartedAt + (2 * _options.FailureTimeout)))
        {
            return false;
        }

        foreach (var voter in change.Rule.Voters)
        {
            if (!leading.Rule.HasVoter(voter.Node))
            {
                return _peers.Find(voter.Node) is not { } peer || !IsFresh(peer)
                    || peer.Last!.Incarnation != voter.Incarnation || !peer.Last.IsStreaming;
            }
        }

        return false;
    }

    /// <summary>
    /// Goes back to the rule in force, in a row behind the one that may have been written. Commits
    /// wait for the quorum of the rule in force at once: it meets every quorum of the larger rule, and
    /// the lost voter may be needed by the larger one.
    /// </summary>
    private void TakeBack(LeadershipState leading, RuleChange change)
    {
        var rule = leading.Rule with { Revision = change.Rule.Revision + 1 };
        leading.Change = new RuleChange(rule, RuleChangeKind.RemoveVoter, _now);
        Report(
            "membership-taken-back", NoticeSeverity.Warning,
            $"a voter was lost while it was being added; the rule stays: {rule}");
        Synchronize(StandbysDuring(rule));
    }

    /// <summary>
    /// Durable copies of the row by the followers' own word: a COMMIT that returned is no proof, since a backend that
    /// starts while the setting is being applied may skip the synchronous wait.
    /// </summary>
    private int CopiesOf(Rule rule, Term term, Lsn lsn)
    {
        var copies = 0;
        foreach (var voter in rule.Voters)
        {
            if (voter.Node == _self)
            {
                copies++;
            }
            else if (_peers.Find(voter.Node)?.Last is { } last
                && last.Incarnation == voter.Incarnation && last.Promised == term
                && last.Position.Timeline == term.ToTimeline() && last.Position.Lsn >= lsn)
            {
                copies++;
            }
        }

        return copies;
    }

    private void Adopt(LeadershipState leading, RuleChange change)
    {
        leading.Change = null;
        leading.Rule = change.Rule;
        LearnRule(change.Rule);
        Synchronize(SynchronousStandbys.For(change.Rule, _self));
        if (change.Kind == RuleChangeKind.NewTerm)
        {
            return;
        }

        Report("membership-changed", NoticeSeverity.Info, $"the rule is now: {change.Rule}");
        _out.Add(new Effect.Serve(change.Rule));
        PublishLeadership(leading);
    }

    private RuleChange? ChangeOf(Rule rule) =>
        _leading?.Change is { } change && change.Rule.Equals(rule) ? change : null;

    private void OnRuleWaiting(Rule rule)
    {
        if (ChangeOf(rule) is not null && _leading!.Phase == LeadershipPhase.Promoting)
        {
            _leading.Phase = LeadershipPhase.Open;
        }
    }

    private void OnRuleWritten(ConsensusEvent.RuleWritten written)
    {
        if (ChangeOf(written.Rule) is not { } change)
        {
            return;
        }

        change.IsWriting = false;
        var mustWait = change.Kind == RuleChangeKind.NewTerm && change.Rule.RequiredCopies > 1
            && _leading!.Phase == LeadershipPhase.Promoting && !_leading.IsResumed;
        if (mustWait && !written.Waited)
        {
            if (++change.UnwaitedWrites >= MaxUnwaitedWrites)
            {
                StepDown("commits do not wait for the synchronous standbys");
            }

            return;
        }

        change.WrittenAt = written.Lsn;
        if (_leading!.Phase == LeadershipPhase.Promoting)
        {
            _leading.Phase = LeadershipPhase.Open;
        }
    }

    private void OnRuleFailed(ConsensusEvent.RuleFailed failed)
    {
        if (ChangeOf(failed.Rule) is { } change)
        {
            change.IsWriting = false;
            Report(
                "rule-not-written", NoticeSeverity.Warning,
                $"the rule row {failed.Rule} was not written, tried again: {failed.Reason}");
        }
    }
}
