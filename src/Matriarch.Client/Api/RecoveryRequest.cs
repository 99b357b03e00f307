namespace Matriarch.Client;

/// <summary>
/// Body of <c>POST /v1/instances/{name}/recovery</c>, asked of the agent whose node shall go on alone.
/// </summary>
/// <param name="AcceptDataLoss">Must be true: writes that only the lost nodes hold are lost.</param>
public sealed record RecoveryRequest(bool AcceptDataLoss);
