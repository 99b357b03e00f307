using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>Finds out who a client is, on its connection, between its startup packet and AuthenticationOk.</summary>
internal interface IClientLogin
{
    /// <summary>Asks the client what there is to ask. Null when the connection was lost.</summary>
    ValueTask<LoginOutcome?> RunAsync(ReactorConnection client, StartupMessage startup);
}
