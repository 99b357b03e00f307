using System.Collections.Immutable;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>
/// For which standbys a primary of PostgreSQL 17 or later makes its logical subscribers wait, so that none of them gets
/// a change that a failover then takes away: together with the primary enough voters for a commit quorum, one of which
/// takes part in every election. All that stream, so that one that stops does not hold the subscribers up for long; and
/// never fewer than the quorum needs.
/// </summary>
internal static class SubscriberStandbys
{
    public static ImmutableArray<NodeId> Of(Rule? rule, NodeId self, ServerSnapshot primary)
    {
        if (rule is null)
        {
            return [];
        }

        var others = rule.Voters.Select(v => v.Node).Where(n => n != self).Order().ToList();
        var streaming = others.Where(n => primary.WalSenders.Any(
            s => s.State == "streaming" && s.ApplicationName == n.Value)).ToList();
        var missing = others.Except(streaming).Take(Math.Max(0, rule.RequiredCopies - 1 - streaming.Count));
        return [.. streaming.Concat(missing).Order()];
    }
}
