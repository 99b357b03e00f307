namespace Matriarch.Core;

/// <summary>Describes one setting for <c>config show</c> and the generated reference: meaning, unit, range.</summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class SettingAttribute(string description) : Attribute
{
    /// <summary>One sentence with unit and range.</summary>
    public string Description { get; } = description;

    /// <summary>A value that is never shown.</summary>
    public bool IsSecret { get; init; }
}
