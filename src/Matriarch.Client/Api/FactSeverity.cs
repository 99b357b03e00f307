namespace Matriarch.Client;

/// <summary>How much a fact matters to an operator.</summary>
public enum FactSeverity
{
    /// <summary>As it should be; not shown unless asked for.</summary>
    Ok,

    /// <summary>Worth knowing, nothing to do.</summary>
    Info,

    /// <summary>Something is less safe or less available than it should be.</summary>
    Warning,

    /// <summary>Something does not work now.</summary>
    Error,
}
