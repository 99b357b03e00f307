using System.Collections.Immutable;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>
/// Decides whether this node may make the first data directory of its instance: exactly once per instance, and never
/// where any member has data (docs/mistakes.md, 9). Two reports of peers that lost everything
/// began with an initdb that had looked allowed.
/// </summary>
internal sealed class Bootstrap(
    InstanceDirectory directory, InstanceDirectory? cellDirectory, NodeId self, Incarnation incarnation,
    NodeTraits traits, DurabilityPolicy policy, PeerDirectory peers)
{
    /// <summary>The rule to begin with, or why this node must not begin.</summary>
    /// <param name="everHadData">Whether this node has held data of an instance before.</param>
    /// <param name="cancellation">Ends the question.</param>
    public async Task<(Rule? Rule, string Reason)> MayInitializeAsync(bool everHadData, CancellationToken cancellation)
    {
        if (everHadData)
        {
            return (null, "its data directory is gone; it waits for a leader to copy from");
        }

        if (!traits.CanLead)
        {
            return (null, "it waits for a leader to copy from");
        }

        var other = await MemberWithDataAsync(cancellation);
        if (other is not null)
        {
            return (null, $"{other} has data already; it waits for a leader to copy from");
        }

        var claim = await directory.ClaimBootstrapAsync(self, incarnation, cancellation);
        if (!claim.IsMine)
        {
            return (null, $"{claim.Record.Node} makes the first data directory; it waits for a leader to copy from");
        }

        if (claim.Record.State == BootstrapState.Done)
        {
            return (null, "the instance was made before; it waits for a leader to copy from");
        }

        // Asked again after the claim: whoever had data before it has been seen now at the latest.
        other = await MemberWithDataAsync(cancellation);
        return other is null
            ? (new Rule(Term.First, 0, self, [new Voter(self, incarnation, traits.Cell)], policy), "")
            : (null, $"{other} has data already; it waits for a leader to copy from");
    }

    /// <summary>Marks the instance as made.</summary>
    public Task<bool> CompleteAsync(SystemIdentifier system, CancellationToken cancellation) =>
        directory.CompleteBootstrapAsync(self, incarnation, system, cancellation);

    private async Task<string?> MemberWithDataAsync(CancellationToken cancellation)
    {
        var heard = peers.Entries.FirstOrDefault(p => p.Value.Facts.HasData);
        if (heard.Value is not null)
        {
            return heard.Key.Value;
        }

        // Each store may have been wiped: what either of them knows counts.
        IReadOnlyList<NodeRecord> carried =
            cellDirectory is null ? [] : await cellDirectory.ListNodesAsync(cancellation);
        var nodes = await directory.ListNodesAsync(cancellation);
        return nodes.Concat(carried).FirstOrDefault(n => n.HasData && n.Name != self)?.Name.Value;
    }
}
