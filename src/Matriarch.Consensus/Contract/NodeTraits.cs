namespace Matriarch.Consensus;

/// <summary>What the operator says of a node.</summary>
/// <param name="IsObserver">It only replicates: it never votes and never leads.</param>
/// <param name="Priority">Among equally advanced candidates the highest leads; 0 means that it must never lead.</param>
public sealed record NodeTraits(bool IsObserver, int Priority)
{
    /// <summary>A voter that may lead.</summary>
    public static readonly NodeTraits Default = new(false, 100);

    /// <summary>Whether it may be a leader at all.</summary>
    public bool CanLead => !IsObserver && Priority > 0;
}
