namespace Matriarch.Core;

/// <summary>The least severe entries that a process writes to its log.</summary>
public enum LogVerbosity
{
    /// <summary>Everything, wire messages included.</summary>
    Trace,

    /// <summary>What a developer needs.</summary>
    Debug,

    /// <summary>Decisions and changes of state.</summary>
    Information,

    /// <summary>What may need a person.</summary>
    Warning,

    /// <summary>What does need a person.</summary>
    Error,
}
