namespace Matriarch.Bench.Failover;

/// <summary>A COMMIT that a client has heard to be done.</summary>
/// <param name="Client">From 0.</param>
/// <param name="Number">The client's own count.</param>
/// <param name="At">When the client heard it, since the ledger began.</param>
/// <param name="Server">Who did it.</param>
internal readonly record struct Acknowledgement(int Client, long Number, TimeSpan At, ServerLife Server);
