namespace Matriarch.Simulation;

/// <summary>
/// One thing that will happen. <paramref name="Epoch"/> tells whether what it was meant for still exists.
/// </summary>
internal readonly record struct Due(Occasion What, int Node, int Epoch, int Number, object? Payload);
