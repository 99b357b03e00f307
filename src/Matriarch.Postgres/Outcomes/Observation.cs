namespace Matriarch.Postgres;

/// <summary>What a look at the server showed. The three cases mean different things to a failure detector
/// (docs/architecture.md, step 1).</summary>
public abstract record Observation
{
    private Observation()
    {
    }

    /// <summary>Nothing listens, or it refuses or does not finish the connection.</summary>
    /// <param name="Reason">One line.</param>
    /// <param name="IsStarting">True when the server says that it is starting up, shutting down or not yet
    /// consistent.</param>
    public sealed record CannotConnect(string Reason, bool IsStarting) : Observation;

    /// <summary>The connection stands or stood, but the query failed or did not return in time.</summary>
    /// <param name="Reason">One line.</param>
    public sealed record QueryFailed(string Reason) : Observation;

    /// <summary>All is known.</summary>
    public sealed record Seen(ServerSnapshot Snapshot) : Observation;
}
