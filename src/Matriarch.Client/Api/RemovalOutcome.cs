namespace Matriarch.Client;

/// <summary>A node is no member any more.</summary>
/// <param name="Node">Its name.</param>
/// <param name="WasVoter">Whether its acknowledgement counted until now.</param>
public sealed record RemovalOutcome(string Node, bool WasVoter);
