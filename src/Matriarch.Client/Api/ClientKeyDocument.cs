namespace Matriarch.Client;

/// <summary>Answer of <c>POST /v1/scram/client-key</c>.</summary>
/// <param name="ClientKey">The ClientKey of RFC 5802, 32 bytes in base64: it logs the role in, and is a secret.</param>
public sealed record ClientKeyDocument(string ClientKey)
{
    /// <summary>Never shows the key.</summary>
    public override string ToString() => "a client key";
}
