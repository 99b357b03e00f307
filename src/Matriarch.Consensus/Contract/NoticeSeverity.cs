namespace Matriarch.Consensus;

/// <summary>How much an event matters to an operator.</summary>
public enum NoticeSeverity
{
    Info,
    Warning,
    Error,
}
