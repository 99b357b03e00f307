namespace Matriarch.Client;

/// <summary>How far a leadership is, to clients. Lower-case in JSON.</summary>
public enum ServicePhase
{
    /// <summary>The answering agent cannot tell.</summary>
    Unknown,

    /// <summary>The leader admits no client yet in this term.</summary>
    Starting,

    /// <summary>The leader admits no client any more in this term.</summary>
    None,

    /// <summary>Clients are served.</summary>
    Serving,

    /// <summary>A switchover has been announced: transactions may end, no new one should begin.</summary>
    Draining,
}
