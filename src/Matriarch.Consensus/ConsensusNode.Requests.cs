using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>What an operator asks of the leader beside a switchover: another policy, or a voter less.</summary>
public sealed partial class ConsensusNode
{
    /// <summary>Whether it leads, and a rule row of it is on its way to its quorum.</summary>
    public bool IsChanging => _leading?.Change is not null;

    private void OnPolicyAsked(ConsensusEvent.PolicyAsked asked)
    {
        if (RefuseChange() is { } refusal)
        {
            _out.Add(new Effect.Answer(asked.RequestId, refusal.Error, refusal.WhatToDo));
            return;
        }

        var leading = _leading!;
        var next = leading.Rule with { Policy = asked.Policy };
        refusal = WhyImpossible(next) ?? default;
        if (refusal.Error is null && leading.Rule.Policy != asked.Policy)
        {
            Change(
                leading, next, RuleChangeKind.ChangePolicy,
                $"an operator asked for durability {asked.Policy} instead of {leading.Rule.Policy}");
        }

        _out.Add(new Effect.Answer(asked.RequestId, refusal.Error, refusal.WhatToDo ?? ""));
    }

    private void OnRemovalAsked(ConsensusEvent.RemovalAsked asked)
    {
        var refusal = RefuseChange() ?? WhyNotRemoved(asked.Node);
        if (refusal is null && _leading!.Rule.HasVoter(asked.Node))
        {
            Remove(_leading, asked.Node, $"an operator removed {asked.Node}");
        }

        _out.Add(new Effect.Answer(asked.RequestId, refusal?.Error, refusal?.WhatToDo ?? ""));
    }

    private (string? Error, string WhatToDo)? RefuseChange()
    {
        if (_leading is not { Phase: LeadershipPhase.Serving } leading)
        {
            return ($"{_self} does not lead now", "wait until a primary serves, then ask again");
        }

        return leading.Change is not null ? ("a change of membership is under way", "ask again in a moment")
            : _quiesced ? ("the instance is paused", "ask again after: matriarch resume")
            : null;
    }

    /// <summary>A policy that cannot be kept, or not by the voters that live now, would only stop all writes.</summary>
    private (string? Error, string WhatToDo)? WhyImpossible(Rule next)
    {
        var voters = next.Voters.Length;
        if (next.Policy.FewestVoters > voters)
        {
            return ($"durability {next.Policy} needs {next.Policy.FewestVoters} voters, and there are {voters}",
                "add nodes first, or choose fewer copies");
        }

        if (next.RequiredCells < next.Policy.Cells)
        {
            return ($"durability {next.Policy} needs voters in {next.Policy.Cells} cells, " +
                $"and they are in {next.RequiredCells}", "add nodes in other cells first, or choose fewer cells");
        }

        return IsMet(next)
            ? null
            : ($"durability {next.Policy} needs more voters than stream now, and writes would stop",
                "wait until the replicas stream; see: matriarch status");
    }

    private (string? Error, string WhatToDo)? WhyNotRemoved(NodeId node)
    {
        if (node == _self)
        {
            return ($"{node} is the primary", "let another node lead first: matriarch switchover");
        }

        if (_peers.Find(node) is not { } peer)
        {
            return ($"there is no node {node}", "see the nodes with: matriarch status");
        }

        if (IsFresh(peer))
        {
            return ($"the agent of {node} is running, and the node would join again",
                $"stop it first: matriarch agent stop {node}");
        }

        var left = _leading!.Rule with { Voters = _leading.Rule.Voters.RemoveAll(v => v.Node == node) };
        return IsMet(left)
            ? null
            : ($"without {node} too few of the voters that are left stream now, and writes would stop",
                "bring them back first; see: matriarch status");
    }
}
