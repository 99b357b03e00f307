using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Matriarch.Wire;

/// <summary>
/// The client's side of SCRAM-SHA-256 (RFC 5802, without channel binding) for who has the ClientKey instead of the
/// password. The server's signature is not checked: that takes the ServerKey, which a witness does not learn.
/// </summary>
public sealed class ScramLogin
{
    private const int NonceBytes = 18;

    private readonly byte[]? _clientKey;
    private readonly string _nonce;

    /// <param name="clientKey">32 bytes; null when the server must ask for nothing.</param>
    /// <param name="nonce">18 random bytes.</param>
    public ScramLogin(byte[]? clientKey, ReadOnlySpan<byte> nonce)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceBytes);
        _clientKey = clientKey;
        _nonce = Convert.ToBase64String(nonce);
    }

    /// <summary>A login with a nonce of its own.</summary>
    public static ScramLogin With(byte[]? clientKey) => new(clientKey, RandomNumberGenerator.GetBytes(NonceBytes));

    /// <summary>
    /// Answers the body of an Authentication message: the reply, empty for none; null when the server asks for
    /// something that cannot be given.
    /// </summary>
    public byte[]? Answer(ReadOnlySpan<byte> body)
    {
        if (body.Length < 4)
        {
            return null;
        }

        var kind = BinaryPrimitives.ReadInt32BigEndian(body);
        var data = body[4..];
        return kind switch
        {
            AuthenticationKind.Ok or AuthenticationKind.SaslFinal => [],
            AuthenticationKind.Sasl when _clientKey is not null && Offers(data, "SCRAM-SHA-256"u8) =>
                new FrontendWriter().SaslInitial("SCRAM-SHA-256"u8, Encoding.ASCII.GetBytes("n,," + FirstBare))
                    .Bytes.ToArray(),
            AuthenticationKind.SaslContinue when _clientKey is not null => Final(Encoding.Latin1.GetString(data)),
            _ => null,
        };
    }

    // The server knows the user from the startup packet and ignores this name (auth-scram.c), as libpq's own.
    private string FirstBare => "n=,r=" + _nonce;

    private byte[]? Final(string serverFirst)
    {
        var nonce = serverFirst.Split(',')[0];
        if (!nonce.StartsWith("r=" + _nonce, StringComparison.Ordinal) || nonce.Length <= 2 + _nonce.Length)
        {
            return null; // not an answer to us
        }

        var withoutProof = "c=biws," + nonce;
        var proof = ScramKeys.Proof(
            _clientKey, Encoding.Latin1.GetBytes($"{FirstBare},{serverFirst},{withoutProof}"));
        return new FrontendWriter()
            .Sasl(Encoding.Latin1.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}")).Bytes.ToArray();
    }

    private static bool Offers(ReadOnlySpan<byte> list, ReadOnlySpan<byte> mechanism)
    {
        while (CString.TryTake(ref list, out var offered) && !offered.IsEmpty)
        {
            if (offered.SequenceEqual(mechanism))
            {
                return true;
            }
        }

        return false;
    }
}
