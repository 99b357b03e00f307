namespace Matriarch.Wire;

/// <summary>Whether a connection is encrypted (libpq's sslmode, without what it says about certificates).</summary>
public enum TlsMode
{
    /// <summary>Never. A server answers N.</summary>
    Disable,

    /// <summary>A server leaves it to the client. A client tries without first, and with TLS when it is not let
    /// in.</summary>
    Allow,

    /// <summary>A server leaves it to the client. A client asks for it, and goes on without when there is
    /// none.</summary>
    Prefer,

    /// <summary>Always, but for cancel requests, which many clients send without.</summary>
    Require,
}
