namespace Matriarch.Client;

/// <summary>Body of <c>PUT /v1/instances/{name}/durability</c>.</summary>
/// <param name="Policy">majority, async, a number of copies; :2-cells behind it asks for copies in two cells.</param>
public sealed record DurabilityRequest(string Policy);
