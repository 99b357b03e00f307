namespace Matriarch.Client;

/// <summary>How much an event matters to an operator.</summary>
public enum EventSeverity
{
    /// <summary>Part of normal life.</summary>
    Info,

    /// <summary>Something is less safe or less available than it should be.</summary>
    Warning,

    /// <summary>Something needs a person, or was refused to protect data.</summary>
    Error,
}
