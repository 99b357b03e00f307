namespace Matriarch.Bench.Failover;

/// <summary>Something that a client had to get over.</summary>
/// <param name="Client">From 0.</param>
/// <param name="At">Since the ledger began.</param>
/// <param name="IsConnecting">It got no session; otherwise the session or the write that it had has failed.</param>
/// <param name="Code">SQLSTATE, or the kind of exception.</param>
internal readonly record struct ClientError(int Client, TimeSpan At, bool IsConnecting, string Code);
