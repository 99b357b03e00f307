namespace Matriarch.Agent;

/// <summary>What the driver needs for logical slots.</summary>
/// <param name="Carrier">Takes them from one life of the server to the next.</param>
/// <param name="Turns">Tells whether it may restart the server for them.</param>
internal sealed record DriverSlots(SlotCarrier Carrier, SlotTurns Turns);
