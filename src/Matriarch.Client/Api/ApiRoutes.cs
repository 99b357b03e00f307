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

    /// <summary>PUT <see cref="DurabilityRequest"/>, answered by <see cref="DurabilityOutcome"/>; a template.</summary>
    public const string Durability = "/v1/instances/{name}/durability";

    /// <summary>PUT <see cref="PauseRequest"/>, answered by <see cref="PauseOutcome"/>; a template.</summary>
    public const string Pause = "/v1/instances/{name}/pause";

    /// <summary>DELETE, answered by <see cref="RemovalOutcome"/>; a template.</summary>
    public const string Node = "/v1/instances/{name}/nodes/{node}";

    /// <summary>POST <see cref="RecoveryRequest"/>, answered by <see cref="SwitchoverOutcome"/>; a template.</summary>
    public const string Recovery = "/v1/instances/{name}/recovery";

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

    /// <summary>GET: <see cref="StalenessDocument"/>.</summary>
    public const string Staleness = "/v1/staleness";

    /// <summary>POST <see cref="ClientKeyRequest"/>: <see cref="ClientKeyDocument"/>.</summary>
    public const string ClientKey = "/v1/scram/client-key";

    /// <summary>The switchover path of one instance.</summary>
    public static string SwitchoverOf(string instance) =>
        Of(Switchover, instance);

    /// <summary>A template's path for one instance.</summary>
    public static string Of(string template, string instance) =>
        template.Replace("{name}", Uri.EscapeDataString(instance), StringComparison.Ordinal);

    /// <summary>The path of one node of an instance.</summary>
    public static string NodeOf(string instance, string node) =>
        Of(Node, instance).Replace("{node}", Uri.EscapeDataString(node), StringComparison.Ordinal);
}
