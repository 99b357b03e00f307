namespace Matriarch.Client;

/// <summary>
/// Body of <c>POST /v1/scram/client-key</c>: what a witness of a SCRAM-SHA-256 login knows of it (RFC 5802, 3). Only
/// who has seen a proof that is right for this exchange is answered, so the verifiers themselves never leave the node.
/// </summary>
/// <param name="User">The role that logged in.</param>
/// <param name="AuthMessage">The three messages that the proof signs, joined by commas, in base64.</param>
/// <param name="Proof">The client's proof, 32 bytes in base64.</param>
public sealed record ClientKeyRequest(string User, string AuthMessage, string Proof)
{
    /// <summary>Never shows the proof.</summary>
    public override string ToString() => $"the client key of {User}";
}
