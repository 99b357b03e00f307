namespace Matriarch.Topology;

/// <summary>A key with its value and the version that a compare-and-set has to name.</summary>
/// <param name="Key">The key.</param>
/// <param name="Version">Above 0; changes with every write, never given twice.</param>
/// <param name="Value">JSON.</param>
public sealed record StoreEntry(StoreKey Key, long Version, string Value);
