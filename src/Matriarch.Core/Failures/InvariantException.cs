namespace Matriarch.Core;

/// <summary>A bug in Matriarch: something that must always hold did not. Never caught to go on.</summary>
public sealed class InvariantException(string message) : Exception(message);
