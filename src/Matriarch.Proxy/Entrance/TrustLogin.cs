using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>Everybody is who they say they are, and the server asks for nothing either.</summary>
internal sealed class TrustLogin : IClientLogin
{
    private static readonly LoginOutcome In = new(null, null);

    public ValueTask<LoginOutcome?> RunAsync(ReactorConnection client, StartupMessage startup) =>
        ValueTask.FromResult<LoginOutcome?>(In);
}
