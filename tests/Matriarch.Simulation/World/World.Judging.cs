using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>Whether all is well again, and where it is not, whether any protocol could have made it so.</summary>
internal sealed partial class World
{
    private bool IsConverged()
    {
        SimulatedNode? leader = null;
        foreach (var node in _nodes)
        {
            if (node.IsOpen)
            {
                if (leader is not null)
                {
                    return false;
                }

                leader = node;
            }
        }

        return leader is not null
            && _checker.AcknowledgedSince(_healedAt + (Profile.Second / 3), leader) > 2
            && AllFollow(leader);
    }

    private bool AllFollow(SimulatedNode leader)
    {
        foreach (var node in _nodes)
        {
            if (!node.Traits.IsObserver && !leader.Serving!.HasVoter(node.Id, node.Incarnation))
            {
                return false;
            }

            if (node != leader && node.Postgres is not { IsStreaming: true, Counts: true })
            {
                return false;
            }
        }

        return true;
    }

    private bool IsBeyondRepair()
    {
        SimulatedPostgres? newest = null;
        foreach (var node in _nodes)
        {
            if (node.Postgres is { IsStray: false } server && (newest is null || server.Position > newest.Position))
            {
                newest = server;
            }
        }

        var rule = newest?.Log[newest.Flushed - 1].RuleAsOf;
        return OpenNode() is null
            && (rule is null || !IsAlive(rule, null) || !_nodes.Any(n => MayLead(n, rule)
                && n.Postgres!.CommonWith(newest!) == n.Postgres.Log.Count));
    }

    /// <summary>
    /// Where people have set all voters that are left never to lead, or all that hold everything while the others would
    /// have to go back first, only people can go on.
    /// </summary>
    private static bool MayLead(SimulatedNode node, Rule rule) =>
        node.Traits.CanLead && rule.HasVoter(node.Id, node.Incarnation) && CanVouch(node);

    /// <summary>
    /// Whether the voters that can vouch for what they hold can go on under the rule, without the one. Standbys are
    /// named to PostgreSQL by a number and a list, which may ask for more than a rule over cells does.
    /// </summary>
    private bool IsAlive(Rule rule, SimulatedNode? without)
    {
        bool IsThere(Voter voter) => _nodes[voter.Node.Value[0] - 'a'] is var node
            && node != without && node.Incarnation == voter.Incarnation && CanVouch(node);
        return rule.IsEnough(IsThere) && rule.IsQuorum(IsThere) && _nodes.Any(n => n != without && MayLead(n, rule)
            && SynchronousStandbys.Among(rule, n.Id, 1, s => IsThere(rule.Voters.First(v => v.Node == s))) != null);
    }

    /// <summary>
    /// It holds data that counts, and can tell so: no promotion by hand, and no WAL of a term that it has neither
    /// accepted nor holds the row of, which after a restart it could not tell from such a promotion.
    /// </summary>
    private static bool CanVouch(SimulatedNode node) =>
        node.Postgres is { IsBroken: false, Counts: true, IsStray: false } server
        && (server.Position.Timeline.ToTerm() <= node.Durable.Accepted
            || server.Log[server.Flushed - 1].RuleAsOf!.Term == server.Position.Timeline.ToTerm());

    private string WhatIsMissing()
    {
        var lines = _nodes.Select(n =>
            $"\n  {n.Id}: serving {n.Serving?.Term}, known {n.Agent?.Known}, phase {n.Agent?.Phase}, " +
            $"promise {n.Agent?.Promise}, verdict {n.Agent?.CurrentVerdict}, {n.Agent?.DesiredPosture}, " +
            $"{n.Postgres?.State}, act {n.Act}, at {n.Postgres?.Position}, counts {n.Postgres?.Counts}, " +
            $"streams {n.Postgres?.IsStreaming}, observer {n.Traits.IsObserver}, life {n.Incarnation}, " +
            $"broken {n.Postgres?.IsBroken}, own row: {n.Postgres?.VisibleRule}, rule: {n.Agent?.Rule}");
        return $"no single primary with all others streaming, voting and writes acknowledged{string.Concat(lines)}\n";
    }
}
