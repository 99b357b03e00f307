namespace Matriarch.Wire;

/// <summary>What a SCRAM server does about a message of the client.</summary>
public abstract record ScramServerStep
{
    private ScramServerStep() { }

    /// <summary>The login goes on.</summary>
    /// <param name="Message">AuthenticationSASLContinue, to be sent.</param>
    public sealed record Challenge(byte[] Message) : ScramServerStep;

    /// <summary>The client has proven itself.</summary>
    /// <param name="Message">AuthenticationSASLFinal, to be sent before AuthenticationOk.</param>
    /// <param name="ClientKey">A secret: it logs in wherever the same verifier is.</param>
    public sealed record Accepted(byte[] Message, byte[] ClientKey) : ScramServerStep
    {
        public override string ToString() => "accepted";
    }

    /// <summary>The login has failed, and the connection ends with <paramref name="Error"/>.</summary>
    /// <param name="Error">What PostgreSQL says: nothing that tells an unknown user from a wrong password.</param>
    /// <param name="Reason">The same as a server-error-value of RFC 5802, 7, for logs and counters.</param>
    public sealed record Refused(ServerMessage Error, string Reason) : ScramServerStep;
}
