namespace Matriarch.Agent;

/// <summary>
/// A moment of one agent by its own monotonic clock. It travels to another agent and back and means something only to
/// the process that drew it: no clock of one machine is ever compared with that of another.
/// </summary>
/// <param name="Process">Drawn at random by each process.</param>
/// <param name="At">The time stamp.</param>
internal readonly record struct Probe(ulong Process, long At);
