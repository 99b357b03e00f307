namespace Matriarch.Consensus;

/// <summary>What the operator says of a node.</summary>
/// <param name="IsObserver">It only replicates: it never votes and never leads.</param>
/// <param name="Priority">The candidate of the highest leads, after fetching WAL that it lacks; 0 never leads.</param>
/// <param name="Cell">The failure domain in which it lives.</param>
public sealed record NodeTraits(bool IsObserver, int Priority, string Cell = "")
{
    /// <summary>A voter that may lead.</summary>
    public static readonly NodeTraits Default = new(false, 100);

    /// <summary>Whether it may be a leader at all.</summary>
    public bool CanLead => !IsObserver && Priority > 0;
}
