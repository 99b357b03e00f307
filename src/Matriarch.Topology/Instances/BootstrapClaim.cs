namespace Matriarch.Topology;

/// <summary>Who holds the bootstrap of an instance.</summary>
/// <param name="IsMine">True: the caller, in this incarnation, holds it.</param>
/// <param name="Record">The record as it is in the store.</param>
public sealed record BootstrapClaim(bool IsMine, BootstrapRecord Record);
