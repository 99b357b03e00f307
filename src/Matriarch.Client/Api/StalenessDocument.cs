namespace Matriarch.Client;

/// <summary>Answer of <c>GET /v1/staleness</c>: how old the data of a standby may be.</summary>
/// <param name="Node">The node whose agent answers.</param>
/// <param name="Seconds">
/// Since it last provably held everything that its leader had, at the moment of the answer; null when that is not
/// known: it has proven nothing since its PostgreSQL or its agent started, or it is no standby.
/// </param>
public sealed record StalenessDocument(string Node, double? Seconds);
