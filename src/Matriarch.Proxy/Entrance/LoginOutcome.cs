using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>What a client has proven at its login.</summary>
/// <param name="ClientKey">Logs its server connections in; null where servers ask for nothing.</param>
/// <param name="Refusal">Why it is not let in; null when it is.</param>
internal sealed record LoginOutcome(byte[]? ClientKey, ServerMessage? Refusal);
