namespace Matriarch.Simulation;

/// <summary>Something happened in the simulated world that must never happen.</summary>
internal sealed class SafetyException(string message) : Exception(message);
