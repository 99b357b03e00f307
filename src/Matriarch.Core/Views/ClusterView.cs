using System.Collections.Immutable;

namespace Matriarch.Core;

/// <summary>
/// The immutable, versioned snapshot that gateways route by. In this first form every instance is one database group:
/// its name is the instance's, and every database inside is reached through it.
/// </summary>
/// <param name="Version">Grows with every change that this reader has seen; local to the reader.</param>
/// <param name="Instances">By name.</param>
public sealed record ClusterView(long Version, ImmutableSortedDictionary<string, InstanceView> Instances)
{
    /// <summary>Nothing known.</summary>
    public static readonly ClusterView Empty = new(0, ImmutableSortedDictionary<string, InstanceView>.Empty);
}
