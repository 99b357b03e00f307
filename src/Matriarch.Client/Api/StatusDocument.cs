namespace Matriarch.Client;

/// <summary>Answer of <c>GET /v1/status</c>: what one agent knows about every instance it takes part in.</summary>
/// <param name="Instances">Ordered by name.</param>
public sealed record StatusDocument(IReadOnlyList<InstanceStatus> Instances);
