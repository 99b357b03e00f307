namespace Matriarch.Cli.Configuration;

/// <summary>Every setting of a process with its value and where that came from.</summary>
/// <param name="Values">In the order of the options classes and of their properties.</param>
public sealed record EffectiveConfiguration(IReadOnlyList<EffectiveValue> Values)
{
    /// <summary>The setting of this key.</summary>
    /// <exception cref="KeyNotFoundException">There is no such setting.</exception>
    public EffectiveValue this[string key] =>
        Values.FirstOrDefault(v => v.Key == key) ?? throw new KeyNotFoundException($"there is no setting {key}");
}
