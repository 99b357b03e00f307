namespace Matriarch.Client;

/// <summary>
/// Answer of <c>GET /v1/leadership</c>: who leads, as one agent knows it now. Words about different leaderships are
/// ordered by (term, revision); of the same one the leader's own word is the newest.
/// </summary>
/// <param name="Instance">The instance.</param>
/// <param name="Node">The node whose agent answers.</param>
/// <param name="Process">Drawn at random by each process of an agent: versions of two processes say nothing of each
/// other.</param>
/// <param name="Version">Grows with every change of what follows, within one process.</param>
/// <param name="Term">The term of the leadership.</param>
/// <param name="Revision">The rule's revision within the term.</param>
/// <param name="Leader">Who leads that term; null when nobody is known to.</param>
/// <param name="Phase">How far that leadership is.</param>
/// <param name="Nodes">All nodes that the agent knows, its own among them, by name.</param>
public sealed record LeadershipDocument(
    string Instance, string Node, string Process, long Version, long Term, int Revision, string? Leader,
    ServicePhase Phase, IReadOnlyList<LeadershipNode> Nodes)
{
    /// <summary>What to ask behind this document, as <c>after</c>.</summary>
    public string Mark => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Process}.{Version}");

    /// <summary>Whether the leader itself speaks.</summary>
    public bool IsOwnWord => Leader is not null && string.Equals(Leader, Node, StringComparison.Ordinal);
}
