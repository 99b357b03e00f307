namespace Matriarch.Wire;

/// <summary>What a server does about the first bytes of a connection.</summary>
public abstract record OpeningStep
{
    private OpeningStep() { }

    /// <summary>Receive more: nothing can be said before there are so many bytes.</summary>
    public sealed record Receive(int AtLeast) : OpeningStep;

    /// <summary>Send this byte and go on in clear.</summary>
    /// <param name="Byte">N.</param>
    /// <param name="Consumed">Bytes that were the question.</param>
    public sealed record Answer(byte Byte, int Consumed) : OpeningStep;

    /// <summary>
    /// Send S if the client asked for it, then negotiate TLS with protocol <see cref="TlsClientHello.Alpn"/>, and go on
    /// with what it decrypts.
    /// </summary>
    /// <param name="SendS">Else the client began with TLS at once: every byte so far is TLS's own.</param>
    /// <param name="Consumed">Bytes that were the question: all that there are, or none.</param>
    public sealed record StartTls(bool SendS, int Consumed) : OpeningStep;

    /// <summary>The opening is over.</summary>
    /// <param name="Content">A session's startup or a cancel request.</param>
    /// <param name="Consumed">Its bytes.</param>
    public sealed record Packet(StartupPacket Content, int Consumed) : OpeningStep;

    /// <summary>Close the connection.</summary>
    /// <param name="Error">To be sent first, in clear or encrypted as the connection is; null where the client would
    /// not understand it.</param>
    /// <param name="Why">For the log.</param>
    public sealed record Refuse(ServerMessage? Error, string Why) : OpeningStep;
}
