using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>What a client has proven at its login.</summary>
/// <param name="ClientKey">Logs its server connections in; null where servers ask for nothing.</param>
/// <param name="Refusal">Why it is not let in; null when it is.</param>
internal sealed record LoginOutcome(byte[]? ClientKey, ServerMessage? Refusal);

/// <summary>Finds out who a client is, on its connection, between its startup packet and AuthenticationOk.</summary>
internal interface IClientLogin
{
    /// <summary>Asks the client what there is to ask. Null when the connection was lost.</summary>
    ValueTask<LoginOutcome?> RunAsync(ReactorConnection client, StartupMessage startup);
}

/// <summary>Everybody is who they say they are, and the server asks for nothing either.</summary>
internal sealed class TrustLogin : IClientLogin
{
    private static readonly LoginOutcome In = new(null, null);

    public ValueTask<LoginOutcome?> RunAsync(ReactorConnection client, StartupMessage startup) =>
        ValueTask.FromResult<LoginOutcome?>(In);
}
