namespace Matriarch.Client;

/// <summary>The paths of the agent's HTTP API, for the agent that answers and the client that asks.</summary>
public static class ApiRoutes
{
    /// <summary>GET: <see cref="StatusDocument"/>.</summary>
    public const string Status = "/v1/status";

    /// <summary>GET, with <c>after</c> and <c>limit</c>: <see cref="EventsDocument"/>.</summary>
    public const string Events = "/v1/events";

    /// <summary>
    /// POST <see cref="SwitchoverRequest"/>, answered by <see cref="SwitchoverOutcome"/>; a route template.
    /// </summary>
    public const string Switchover = "/v1/instances/{name}/switchover";

    /// <summary>POST, no body: start no elections and take part in none.</summary>
    public const string Quiesce = "/v1/quiesce";

    /// <summary>POST <see cref="ShutdownRequest"/>: the agent answers 202, then ends.</summary>
    public const string Shutdown = "/v1/shutdown";

    /// <summary>GET: <see cref="LocalStatus"/>.</summary>
    public const string Local = "/v1/local";

    /// <summary>
    /// GET, with <c>after</c>, <c>wait</c> and <c>gateway</c>: <see cref="LeadershipDocument"/>, a long poll.
    /// </summary>
    public const string Leadership = "/v1/leadership";

    /// <summary>POST <see cref="ClientKeyRequest"/>: <see cref="ClientKeyDocument"/>.</summary>
    public const string ClientKey = "/v1/scram/client-key";

    /// <summary>The switchover path of one instance.</summary>
    public static string SwitchoverOf(string instance) =>
        Switchover.Replace("{name}", Uri.EscapeDataString(instance), StringComparison.Ordinal);
}
