namespace Matriarch.Topology;

/// <summary>Which part of a prefix to list; the default value is all of it.</summary>
/// <param name="After">Only keys behind this one in the chosen order; null = from the start.</param>
/// <param name="Limit">At most so many entries; 0 = no limit.</param>
/// <param name="Descending">From the highest key down.</param>
public readonly record struct ListRange(StoreKey? After = null, int Limit = 0, bool Descending = false);
