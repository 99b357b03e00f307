namespace Matriarch.Topology;

/// <summary>How a publication of a leadership ended.</summary>
/// <param name="IsCurrent">True: the store now holds what was published.</param>
/// <param name="Current">
/// What the store holds: when not the caller's, a higher (term, revision), or another primary under the same one.
/// </param>
public sealed record LeadershipPublication(bool IsCurrent, LeadershipRecord Current);
