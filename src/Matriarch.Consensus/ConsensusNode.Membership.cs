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

        if (ConsiderPlaces(leading))
        {
            return;
        }

        foreach (var peer in _peers.All)
        {
            if (WhyNotAsItIs(peer, leading.Rule) is { } why)
            {
                Remove(leading, peer.Id, why);
                return;
            }

            if (IsReadyToJoin(peer, leading) && leading.Rule.Voters.Length < _options.MaxNodes)
            {
                var last = peer.Last!;
                var voter = new Voter(peer.Id, last.Incarnation, last.Traits.Cell);
                var with = leading.Rule.Voters.Add(voter).Sort((a, b) => a.Node.CompareTo(b.Node));
                Change(
                    leading, leading.Rule with { Voters = with }, RuleChangeKind.AddVoter,
                    $"{peer.Id} has caught up and becomes a voter");
                return;
            }
        }
    }

    /// <summary>
    /// Why a voter cannot stay what the rule says of it. One that lost its promises is not the voter that it was, and
    /// follows us only once it is not taken for it. One that lives in another cell now comes back as a new voter there.
    /// Except for the first, this has time until enough others are there.
    /// </summary>
    private string? WhyNotAsItIs(Peer peer, Rule rule)
    {
        if (!rule.HasVoter(peer.Id) || !IsFresh(peer))
        {
            return null;
        }

        var last = peer.Last!;
        if (!rule.HasVoter(peer.Id, last.Incarnation))
        {
            return $"{peer.Id} has lost its promises";
        }

        var left = rule with { Voters = rule.Voters.RemoveAll(v => v.Node == peer.Id) };
        return !IsMet(left) ? null
            : last.Traits.IsObserver ? $"{peer.Id} is an observer now"
            : rule.Policy.Cells > 1 && CellOf(rule, peer.Id) != last.Traits.Cell
                ? $"{peer.Id} is in cell {last.Traits.Cell} now"
            : null;
    }

    /// <summary>A leader whose own settings do not fit its place any more; cells that are only named anew.</summary>
    private bool ConsiderPlaces(LeadershipState leading)
    {
        if (!_traits.CanLead && BestSuccessor(leading) is { IsNone: false } successor)
        {
            BeginHandover(leading, successor, $"{_self} is set never to lead");
            return true;
        }

        var rule = leading.Rule;
        var areAllHere = rule.Voters.All(IsAttached);
        var named = rule.Voters.Select(v => v with { Cell = CellNow(v, rule.Policy.Cells == 1) });
        var next = rule with { Voters = [.. named] };
        if (next.Equals(rule) || (rule.Policy.Cells > 1 && !areAllHere))
        {
            return false;
        }

        Change(leading, next, RuleChangeKind.ChangePolicy, "a voter lives in another cell now");
        return true;
    }

    private static string CellOf(Rule rule, NodeId node) => rule.Voters.First(v => v.Node == node).Cell;

    /// <summary>
    /// The cell that a voter itself tells: of others only where cells do not count, since quorums under the one name
    /// and under the other need not meet.
    /// </summary>
    private string CellNow(Voter voter, bool ofOthers) =>
        voter.Node == _self ? _traits.Cell
        : ofOthers && _peers.Find(voter.Node) is { Last: { } last } peer && IsFresh(peer)
            && last.Incarnation == voter.Incarnation ? last.Traits.Cell
        : voter.Cell;

    private void Remove(LeadershipState leading, NodeId node, string reason) =>
        Change(
            leading, leading.Rule with { Voters = leading.Rule.Voters.RemoveAll(v => v.Node == node) },
            RuleChangeKind.RemoveVoter, reason);

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
            $"{reason}; voters will be {string.Join(", ", rule.Voters.Select(v => v.Node))}, {rule.Policy}");
        if (kind == RuleChangeKind.ChangePolicy)
        {
            WantBoth(leading, leading.Rule, rule);
        }
        else
        {
            var larger = kind == RuleChangeKind.AddVoter ? rule : leading.Rule;
            Want(leading, larger, CopiesDuring(larger));
        }
    }

    private void AdvanceRuleChange(LeadershipState leading)
    {
        if (leading.Change is not { } change)
        {
            return;
        }

        if ((change.Kind == RuleChangeKind.AddVoter && IsNewVoterLost(leading, change))
            || (change.Kind is RuleChangeKind.RemoveVoter or RuleChangeKind.ChangePolicy
                && HasReached(change.StartedAt + _options.LeadTimeout)))
        {
            TakeBack(leading, change);
            return;
        }

        if (change.WrittenAt is { } written)
        {
            if (change.Rule.IsProof(v => HoldsRow(v, leading.Term, written)))
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
            _out.Add(new Effect.WriteRule(change.Rule, change.Waits));
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
            (change.Kind == RuleChangeKind.AddVoter
                ? "a voter was lost while it was being added"
                : "too few voters took the change in time") + $"; the rule stays: {rule}");
        Want(leading, rule, CopiesDuring(rule));
    }

    /// <summary>
    /// Whether the row is durable there, by the follower's own word: a COMMIT that returned is no proof, since a
    /// backend that starts while the setting is being applied may skip the synchronous wait.
    /// </summary>
    private bool HoldsRow(Voter voter, Term term, Lsn lsn) =>
        voter.Node == _self
        || (_peers.Find(voter.Node)?.Last is { } last
            && last.Incarnation == voter.Incarnation && last.Promised == term
            && last.Position.Timeline == term.ToTimeline() && last.Position.Lsn >= lsn);

    private void Adopt(LeadershipState leading, RuleChange change)
    {
        leading.Change = null;
        leading.Rule = change.Rule;
        LearnRule(change.Rule);
        Want(leading, change.Rule);
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
