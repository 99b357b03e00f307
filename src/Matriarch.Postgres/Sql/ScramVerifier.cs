using System.Security.Cryptography;
using System.Text;

namespace Matriarch.Postgres;

/// <summary>
/// The form in which PostgreSQL stores a SCRAM-SHA-256 password (RFC 5803; scram_build_secret in PostgreSQL). Handing
/// over this instead of the password keeps the password out of statements, and so out of every log.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096;

    /// <param name="password">ASCII, so that SASLprep changes nothing.</param>
    /// <param name="salt">At least 16 random bytes.</param>
    public static string Create(string password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}"
            + $"${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
