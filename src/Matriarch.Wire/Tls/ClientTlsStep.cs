namespace Matriarch.Wire;

/// <summary>What a client does next about TLS.</summary>
public enum ClientTlsStep
{
    /// <summary>Go on without.</summary>
    Plain,

    /// <summary>Send <see cref="StartupRequests.Ssl"/> and give the answer to <see cref="ClientTls.Take"/>.</summary>
    SendRequest,

    /// <summary>Receive more.</summary>
    Receive,

    /// <summary>Negotiate TLS, naming <see cref="TlsClientHello.Alpn"/>; nothing that was received belongs to
    /// it.</summary>
    StartTls,

    /// <summary>Close the connection.</summary>
    Refuse,
}
