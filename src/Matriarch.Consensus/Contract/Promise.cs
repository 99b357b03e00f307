using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// What a voter has durably promised: to acknowledge nothing of a lower term, and within <paramref name="Term"/> nobody
/// but the coordinator with this nonce. Written with fsync before anything that depends on it is said or done.
/// </summary>
/// <param name="Term">The highest term promised; never goes down.</param>
/// <param name="Kind">How far this node has gone in the term.</param>
/// <param name="Node">The coordinator while recruited; the leader once it is known.</param>
/// <param name="Nonce">The coordinator's attempt; 0 where none recruited this node.</param>
public sealed record Promise(Term Term, PromiseKind Kind, NodeId Node, ulong Nonce)
{
    /// <summary>
    /// The highest term whose leader this node has accepted, or which it was appointed to lead: only of such terms it
    /// can have WAL. A recruitment leaves it as it was.
    /// </summary>
    public Term Accepted { get; init; } = Kind == PromiseKind.Recruited ? Term.None : Term;

    /// <summary>A node that has promised nothing yet.</summary>
    public static readonly Promise None = new(Term.None, PromiseKind.Following, default, 0);

    public override string ToString() => $"{Term} {Kind} {Node}";
}
