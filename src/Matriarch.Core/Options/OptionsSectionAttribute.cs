namespace Matriarch.Core;

/// <summary>
/// Marks an options class and names its section of the configuration: <c>consensus </c> in YAML,
/// <c>MATRIARCH_CONSENSUS_… </c>
/// in the environment, <c>--consensus.…</c> as a flag. Properties become lower-case words with dashes.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OptionsSectionAttribute(string name) : Attribute
{
    /// <summary>The section, lower case.</summary>
    public string Name { get; } = name;
}
