using System.Buffers.Binary;
using System.Text;

namespace Matriarch.Wire;

/// <summary>
/// Watches a login that passes through, without IO: by which method, and of SCRAM-SHA-256 the three messages that the
/// client's proof signs (RFC 5802, 3). Holds no secret but the proof, which proves this one login; forget it when the
/// key has been recovered, or the session ends.
/// </summary>
public sealed class LoginWitness
{
    private const int LongestMessage = 2048;

    private string? _clientFirst;
    private string? _serverFirst;

    /// <summary>The server has let the client in.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The server asked for something: without it anyone is let in again by name alone.</summary>
    public bool WasAsked { get; private set; }

    /// <summary>What the proof signs; null when the login was not by SCRAM-SHA-256 without channel binding.</summary>
    public byte[]? AuthMessage { get; private set; }

    /// <summary>The proof; null as above.</summary>
    public byte[]? Proof { get; private set; }

    /// <summary>The body of a message with code <c>p</c>.</summary>
    public void Client(ReadOnlySpan<byte> body)
    {
        if (IsOver || body.Length > LongestMessage)
        {
            return;
        }

        if (_clientFirst is null)
        {
            if (CString.TryTake(ref body, out var mechanism) && mechanism.SequenceEqual("SCRAM-SHA-256"u8)
                && body.Length >= 4 && BinaryPrimitives.ReadInt32BigEndian(body) == body.Length - 4)
            {
                _clientFirst = Text(body[4..]);
            }
        }
        else if (_serverFirst is not null && AuthMessage is null)
        {
            TakeFinal(Text(body));
        }
    }

    /// <summary>The body of a message with code <c>R</c>.</summary>
    public void Server(ReadOnlySpan<byte> body)
    {
        if (IsOver || body.Length < 4)
        {
            return;
        }

        switch (BinaryPrimitives.ReadInt32BigEndian(body))
        {
            case AuthenticationKind.Ok:
                IsOver = true;
                break;
            case AuthenticationKind.SaslContinue when _clientFirst is not null && body.Length <= LongestMessage:
                _serverFirst ??= Text(body[4..]);
                break;
            default:
                WasAsked = true;
                break;
        }
    }

    /// <summary>Forgets the proof.</summary>
    public void Forget()
    {
        if (Proof is { } proof)
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(proof);
        }

        (Proof, AuthMessage, _clientFirst, _serverFirst) = (null, null, null, null);
    }

    // gs2-header "," "," client-first-bare; "n" and "y" bind no channel.
    private void TakeFinal(string final)
    {
        var bare = _clientFirst!.StartsWith("n,,", StringComparison.Ordinal)
            || _clientFirst.StartsWith("y,,", StringComparison.Ordinal) ? _clientFirst[3..] : null;
        var at = final.LastIndexOf(",p=", StringComparison.Ordinal);
        var proof = new byte[ScramKeys.Size];
        if (bare is not null && at > 0 && Convert.TryFromBase64String(final[(at + 3)..], proof, out var count)
            && count == proof.Length)
        {
            AuthMessage = Encoding.Latin1.GetBytes($"{bare},{_serverFirst},{final[..at]}");
            Proof = proof;
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
