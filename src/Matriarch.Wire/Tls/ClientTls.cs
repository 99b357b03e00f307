namespace Matriarch.Wire;

/// <summary>
/// The client's side of TLS negotiation, without IO (PostgreSQL documentation, "SSL Session Encryption"; PQconnectPoll
/// in fe-connect.c). What may be done after a failure is <see cref="Fallback"/>, on a new connection.
/// </summary>
/// <param name="mode">What is wanted.</param>
/// <param name="isDirect">Begin with TLS at once, which PostgreSQL knows from version 17 on; without a fallback, since
/// a server that cannot closes without a word.</param>
public sealed class ClientTls(TlsMode mode, bool isDirect = false)
{
    private bool _isAsked;

    /// <summary>What to do on the new connection.</summary>
    public ClientTlsStep Begin()
    {
        if (mode is TlsMode.Disable or TlsMode.Allow)
        {
            return ClientTlsStep.Plain;
        }

        _isAsked = !isDirect;
        return isDirect ? ClientTlsStep.StartTls : ClientTlsStep.SendRequest;
    }

    /// <summary>
    /// Takes what the server answers to the request; everything that has been received. More than one byte is not
    /// encrypted, and would be taken for the server's own encrypted words (CVE-2021-23222). An error in place of the
    /// answer is not read: anybody between could have written it (CVE-2024-10977).
    /// </summary>
    public ClientTlsStep Take(ReadOnlySpan<byte> received) => received switch
    {
        _ when !_isAsked => ClientTlsStep.Refuse,
        [] => ClientTlsStep.Receive,
        [(byte)'S'] => ClientTlsStep.StartTls,
        [(byte)'N'] when mode == TlsMode.Prefer => ClientTlsStep.Plain,
        _ => ClientTlsStep.Refuse,
    };

    /// <summary>The mode of another attempt when this one failed (with <see cref="TlsMode.Allow"/>: when the login was
    /// refused; with <see cref="TlsMode.Prefer"/>: when TLS failed before it); null when there is none.</summary>
    public TlsMode? Fallback => mode switch
    {
        TlsMode.Allow => TlsMode.Require,
        TlsMode.Prefer when !isDirect => TlsMode.Disable,
        _ => null,
    };
}
