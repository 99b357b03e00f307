using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Matriarch.Wire;

/// <summary>
/// What a server keeps instead of a password (RFC 5802, 3): it proves a login and the server, and logs nobody in. Text
/// form as in pg_authid.rolpassword: <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>, all but the count in
/// base64 (parse_scram_secret in auth-scram.c). Never printed.
/// </summary>
public sealed class ScramVerifier
{
    /// <summary>Iterations that PostgreSQL takes unless it is told otherwise (scram_iterations).</summary>
    public const int DefaultIterations = 4096;

    /// <summary>Bytes of the salts that PostgreSQL makes (SCRAM_DEFAULT_SALT_LEN).</summary>
    public const int DefaultSaltLength = 16;

    /// <summary>Longest salt, in bytes: with it a challenge stays below what libpq takes for one.</summary>
    public const int MaxSaltLength = 512;

    private const string Mechanism = "SCRAM-SHA-256";
    private const int MaxText = 4096;

    private readonly byte[] _salt;
    private readonly byte[] _storedKey;
    private readonly byte[] _serverKey;

    private ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey, bool isMock)
    {
        (Iterations, _salt, _storedKey, _serverKey, IsMock) = (iterations, salt, storedKey, serverKey, isMock);
    }

    /// <summary>Rounds of hashing, at least 1.</summary>
    public int Iterations { get; }

    /// <summary>1 to <see cref="MaxSaltLength"/> bytes.</summary>
    public ReadOnlySpan<byte> Salt => _salt;

    /// <summary>H(ClientKey).</summary>
    public ReadOnlySpan<byte> StoredKey => _storedKey;

    /// <summary>By which the server proves that it has the verifier.</summary>
    public ReadOnlySpan<byte> ServerKey => _serverKey;

    /// <summary>Stands for a user that cannot log in: no proof is right.</summary>
    public bool IsMock { get; }

    /// <summary>Reads the text form; null when it is another kind of password, or damaged.</summary>
    public static ScramVerifier? TryParse(string text)
    {
        if (text.Length > MaxText || text.Split('$') is not [Mechanism, var work, var keys]
            || work.Split(':') is not [var count, var salt] || keys.Split(':') is not [var stored, var server]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations < 1)
        {
            return null;
        }

        return ScramText.TryBase64(salt, MaxSaltLength) is { Length: > 0 } saltBytes
            && ScramText.TryBase64(stored, ScramKeys.Size) is { Length: ScramKeys.Size } storedKey
            && ScramText.TryBase64(server, ScramKeys.Size) is { Length: ScramKeys.Size } serverKey
            ? new ScramVerifier(iterations, saltBytes, storedKey, serverKey, isMock: false)
            : null;
    }

    /// <summary>The verifier of a password, as <c>CREATE ROLE … PASSWORD</c> makes it.</summary>
    /// <param name="password">As the client's bytes; prepared by <see cref="SaslPrep"/>.</param>
    /// <param name="salt">1 to <see cref="MaxSaltLength"/> random bytes.</param>
    /// <param name="iterations">At least 1.</param>
    public static ScramVerifier OfPassword(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations = DefaultIterations)
    {
        ArgumentOutOfRangeException.ThrowIfZero(salt.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(salt.Length, MaxSaltLength);
        var (client, server) = ScramKeys.OfPassword(password, salt, iterations);
        return new ScramVerifier(iterations, salt.ToArray(), SHA256.HashData(client), server, isMock: false);
    }

    /// <summary>
    /// For a user that does not exist, has no SCRAM verifier, or may not log in any more: the login runs as any other
    /// and fails as by a wrong password, so that nobody learns who exists. The salt is always the same for one user, as
    /// a real one is (scram_mock_salt in auth-scram.c).
    /// </summary>
    /// <param name="user">As in the startup packet.</param>
    /// <param name="secret">At least 16 bytes that nobody knows, the same in every process that users can
    /// compare.</param>
    /// <param name="iterations">What real verifiers have.</param>
    public static ScramVerifier Mock(
        ReadOnlySpan<byte> user, ReadOnlySpan<byte> secret, int iterations = DefaultIterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, 16);
        var salt = HMACSHA256.HashData(secret, user)[..DefaultSaltLength];
        var (stored, server) = (new byte[ScramKeys.Size], new byte[ScramKeys.Size]);
        return new ScramVerifier(iterations, salt, stored, server, isMock: true);
    }

    /// <summary>The text form, which is a secret.</summary>
    public string ToSecretText() => new StringBuilder(Mechanism).Append('$')
        .Append(CultureInfo.InvariantCulture, $"{Iterations}:{Convert.ToBase64String(_salt)}")
        .Append(CultureInfo.InvariantCulture, $"${Convert.ToBase64String(_storedKey)}")
        .Append(CultureInfo.InvariantCulture, $":{Convert.ToBase64String(_serverKey)}").ToString();
}
