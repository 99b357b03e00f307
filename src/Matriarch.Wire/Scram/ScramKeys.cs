using System.Security.Cryptography;

namespace Matriarch.Wire;

/// <summary>
/// The keys of SCRAM-SHA-256 (RFC 5802, 3; RFC 7677). A verifier holds StoredKey = H(ClientKey) and ServerKey; a login
/// proves ClientKey by ClientKey XOR HMAC(StoredKey, AuthMessage). Who knows StoredKey and has seen a login therefore
/// knows ClientKey, and can log in again wherever the same verifier is, without ever having known the password.
/// </summary>
public static class ScramKeys
{
    /// <summary>Bytes of a key, a proof and a signature.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    /// <summary>
    /// The ClientKey behind a proof; null when the verifier is of another kind, or the proof is not right.
    /// </summary>
    /// <param name="verifier">As in pg_authid.rolpassword.</param>
    /// <param name="authMessage">What the proof signs.</param>
    /// <param name="proof">The client's.</param>
    public static byte[]? RecoverClientKey(string verifier, ReadOnlySpan<byte> authMessage, ReadOnlySpan<byte> proof) =>
        ScramVerifier.TryParse(verifier) is { } parsed ? RecoverClientKey(parsed, authMessage, proof) : null;

    /// <summary>The same; the work is the same whether the proof is right or not.</summary>
    public static byte[]? RecoverClientKey(
        ScramVerifier verifier, ReadOnlySpan<byte> authMessage, ReadOnlySpan<byte> proof)
    {
        if (proof.Length != Size)
        {
            return null;
        }

        var key = HMACSHA256.HashData(verifier.StoredKey, authMessage);
        Xor(key, proof);
        var isRight = CryptographicOperations.FixedTimeEquals(SHA256.HashData(key), verifier.StoredKey);
        return isRight && !verifier.IsMock ? key : null;
    }

    /// <summary>The proof of a login.</summary>
    /// <param name="clientKey">The role's.</param>
    /// <param name="authMessage">The messages of this login.</param>
    public static byte[] Proof(ReadOnlySpan<byte> clientKey, ReadOnlySpan<byte> authMessage)
    {
        var proof = HMACSHA256.HashData(SHA256.HashData(clientKey), authMessage);
        Xor(proof, clientKey);
        return proof;
    }

    /// <summary>The server's proof that it has the verifier.</summary>
    /// <param name="serverKey">The role's.</param>
    /// <param name="authMessage">The messages of this login.</param>
    public static byte[] ServerSignature(ReadOnlySpan<byte> serverKey, ReadOnlySpan<byte> authMessage) =>
        HMACSHA256.HashData(serverKey, authMessage);

    /// <summary>ClientKey and ServerKey of a password, which is prepared by <see cref="SaslPrep"/> first.</summary>
    public static (byte[] ClientKey, byte[] ServerKey) OfPassword(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations)
    {
        var prepared = SaslPrep.Prepare(password);
        var salted = Rfc2898DeriveBytes.Pbkdf2(prepared, salt, iterations, HashAlgorithmName.SHA256, Size);
        var keys = (HMACSHA256.HashData(salted, "Client Key"u8), HMACSHA256.HashData(salted, "Server Key"u8));
        CryptographicOperations.ZeroMemory(prepared);
        CryptographicOperations.ZeroMemory(salted);
        return keys;
    }

    private static void Xor(Span<byte> target, ReadOnlySpan<byte> other)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] ^= other[i];
        }
    }
}
