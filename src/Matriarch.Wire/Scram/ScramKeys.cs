using System.Security.Cryptography;

namespace Matriarch.Wire;

/// <summary>
/// The keys of SCRAM-SHA-256 (RFC 5802, 3; RFC 7677). A verifier holds StoredKey = H(ClientKey) and ServerKey; a login
/// proves ClientKey by ClientKey XOR HMAC(StoredKey, AuthMessage). Who knows StoredKey and has seen a login therefore
/// knows ClientKey, and can log in again wherever the same verifier is, without ever having known the password.
/// </summary>
public static class ScramKeys
{
    /// <summary>Bytes of a key and of a proof.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private const string Prefix = "SCRAM-SHA-256$";

    /// <summary>
    /// The ClientKey behind a proof; null when the verifier is of another kind, or the proof is not right.
    /// </summary>
    /// <param name="verifier">As in pg_authid.rolpassword.</param>
    /// <param name="authMessage">What the proof signs.</param>
    /// <param name="proof">The client's.</param>
    public static byte[]? RecoverClientKey(string verifier, ReadOnlySpan<byte> authMessage, ReadOnlySpan<byte> proof)
    {
        if (StoredKeyOf(verifier) is not { } storedKey || proof.Length != Size)
        {
            return null;
        }

        var key = HMACSHA256.HashData(storedKey, authMessage);
        Xor(key, proof);
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(key), storedKey) ? key : null;
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

    // SCRAM-SHA-256$ITERATIONS:SALT$STOREDKEY:SERVERKEY
    private static byte[]? StoredKeyOf(string verifier)
    {
        if (!verifier.StartsWith(Prefix, StringComparison.Ordinal)
            || verifier.Split('$') is not [_, _, var keys] || keys.Split(':') is not [var stored, _])
        {
            return null;
        }

        var bytes = new byte[Size];
        return Convert.TryFromBase64String(stored, bytes, out var count) && count == Size ? bytes : null;
    }

    private static void Xor(Span<byte> target, ReadOnlySpan<byte> other)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] ^= other[i];
        }
    }
}
