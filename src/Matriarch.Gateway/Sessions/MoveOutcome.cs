using Matriarch.Proxy;
using Matriarch.Wire;

namespace Matriarch.Gateway;

/// <summary>What became of a parked session.</summary>
internal abstract record MoveOutcome
{
    private MoveOutcome() { }

    /// <summary>It goes on, here or on another node.</summary>
    public sealed record GoesOn(GatewaySession Session, SessionRelay Relay) : MoveOutcome;

    /// <summary>It is over; the client is told why, unless it has gone.</summary>
    public sealed record Ends(ServerMessage? Reason) : MoveOutcome;
}
