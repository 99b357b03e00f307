namespace Matriarch.Models.Tests;

/// <summary>The model and the code do not make the same of a step; the message has both.</summary>
internal sealed class DisagreementException(string message) : Exception(message);
