namespace Matriarch.Topology;

/// <summary>How much an event matters.</summary>
public enum EventSeverity
{
    /// <summary>The normal course of things.</summary>
    Info,

    /// <summary>Something to look at.</summary>
    Warning,

    /// <summary>Something is broken.</summary>
    Error,
}
