namespace Matriarch.Topology;

/// <summary>A record as read, with the version that a compare-and-set has to name.</summary>
internal sealed record Versioned<T>(long Version, T Record)
    where T : class;
