namespace Matriarch.Wire;

/// <summary>
/// The server's side of the first bytes of a connection, up to a startup packet or cancel request, without IO
/// (PostgreSQL documentation, "SSL Session Encryption"; ProcessSSLStartup and ProcessStartupPacket in
/// backend_startup.c):
/// <list type="number">
/// <item>A connection may begin with TLS itself, if the client names our protocol in its hello: so nobody else's
/// client can be made to speak to us.</item>
/// <item>SSLRequest and GSSENCRequest may come once each, the latter only in clear; GSSAPI is always declined.</item>
/// <item>Between an SSLRequest and the answer S the client has nothing to say. Bytes that came with it were not
/// encrypted, and would be taken for the client's own encrypted ones (CVE-2021-23214): the connection ends.</item>
/// </list>
/// Give <see cref="Take"/> all that has been received and not consumed; after
/// <see cref="OpeningStep.StartTls"/>, what TLS decrypts.
/// </summary>
public sealed class ServerOpening(TlsMode mode)
{
    private const byte HandshakeRecord = 22;

    private bool _isBegun;
    private bool _wasTlsAsked;
    private bool _wasGssAsked;

    /// <summary>TLS has been started.</summary>
    public bool IsEncrypted { get; private set; }

    /// <summary>Looks at the bytes. Never throws for what they are.</summary>
    public OpeningStep Take(ReadOnlySpan<byte> received)
    {
        if (!_isBegun && received is [HandshakeRecord, ..])
        {
            return TakeHello(received);
        }

        if (received.Length < 4)
        {
            return new OpeningStep.Receive(4);
        }

        if (StartupPacket.TryReadLength(received) is not { } length)
        {
            return Refuse(StartupPacket.InvalidLength());
        }

        if (received.Length < length)
        {
            return new OpeningStep.Receive(length);
        }

        _isBegun = true;
        return StartupPacket.Parse(received[..length]) switch
        {
            StartupPacket.SslRequest when !_wasTlsAsked && !IsEncrypted => AnswerTls(received.Length, length),
            StartupPacket.GssEncryptionRequest when !_wasGssAsked && !IsEncrypted => DeclineGss(length),
            StartupPacket.SslRequest or StartupPacket.GssEncryptionRequest => Refuse(
                SqlState.ProtocolViolation, "an encryption request came where none may", null),
            StartupPacket.Malformed malformed => Refuse(malformed),
            StartupPacket.Startup when mode == TlsMode.Require && !IsEncrypted => Refuse(
                SqlState.InvalidAuthorization, "connections without TLS are not allowed here",
                "Connect with sslmode=require, or better with verify-full."),
            var packet => new OpeningStep.Packet(packet, length),
        };
    }

    private OpeningStep TakeHello(ReadOnlySpan<byte> received)
    {
        var read = TlsClientHello.TryRead(received, out var namesUs);
        if (read == HeaderRead.Incomplete)
        {
            return new OpeningStep.Receive(received.Length + 1);
        }

        _isBegun = true;
        if (read == HeaderRead.Invalid || mode == TlsMode.Disable || !namesUs)
        {
            return new OpeningStep.Refuse(
                null, read == HeaderRead.Invalid ? "what began as TLS was not"
                    : mode == TlsMode.Disable ? "TLS is disabled"
                    : "a TLS connection without the protocol \"postgresql\"");
        }

        IsEncrypted = true;
        return new OpeningStep.StartTls(SendS: false, Consumed: 0);
    }

    private OpeningStep AnswerTls(int received, int length)
    {
        _wasTlsAsked = true;
        if (mode == TlsMode.Disable)
        {
            return new OpeningStep.Answer((byte)'N', length);
        }

        if (received > length)
        {
            return Refuse(SqlState.ProtocolViolation, "received unencrypted data after SSL request", null);
        }

        IsEncrypted = true;
        return new OpeningStep.StartTls(SendS: true, length);
    }

    private OpeningStep.Answer DeclineGss(int length)
    {
        _wasGssAsked = true;
        return new OpeningStep.Answer((byte)'N', length);
    }

    private static OpeningStep.Refuse Refuse(StartupPacket.Malformed malformed) =>
        Refuse(malformed.SqlState, malformed.Message, null);

    private static OpeningStep.Refuse Refuse(string state, string message, string? hint) =>
        new(ServerMessage.Fatal(state, message, hint: hint), message);
}
