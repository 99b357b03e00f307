using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Matriarch.Compatibility;

/// <summary>The client's side of SCRAM-SHA-256 without channel binding (RFC 5802, 7677), for one login.</summary>
internal sealed class ScramAnswers(string password)
{
    private const string Header = "n,,";
    private readonly string _bare = $"n=,r={Convert.ToBase64String(RandomNumberGenerator.GetBytes(18))}";

    /// <summary>client-first-message.</summary>
    public string First => Header + _bare;

    /// <summary>client-final-message.</summary>
    /// <param name="challenge">server-first-message.</param>
    public string Final(string challenge)
    {
        var fields = challenge.Split(',').ToDictionary(f => f[0], f => f[2..]);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            password, Convert.FromBase64String(fields['s']), int.Parse(fields['i'], CultureInfo.InvariantCulture),
            HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var withoutProof = $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(Header))},r={fields['r']}";
        var signature = HMACSHA256.HashData(
            SHA256.HashData(clientKey), Encoding.UTF8.GetBytes($"{_bare},{challenge},{withoutProof}"));
        var proof = clientKey.Zip(signature, (a, b) => (byte)(a ^ b)).ToArray();
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }
}
