using System.Security.Cryptography;
using System.Text;

namespace Matriarch.Wire;

/// <summary>The texts of SCRAM messages (RFC 5802, 7): attributes <c>x=value</c>, separated by commas. Bytes are taken
/// for Latin-1, so that every one comes back as it was.</summary>
internal static class ScramText
{
    /// <summary>The message as text.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The text as a message.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>Takes the attribute of this name from the start, its comma included; null when another stands
    /// there.</summary>
    public static string? TryTake(ref string rest, char name)
    {
        var before = rest;
        if (TryTakeAny(ref rest, out var value) == name)
        {
            return value;
        }

        rest = before;
        return null;
    }

    /// <summary>Takes any attribute; its name, or null when there is none.</summary>
    public static char? TryTakeAny(ref string rest, out string value)
    {
        value = "";
        if (rest.Length < 2 || !char.IsAsciiLetter(rest[0]) || rest[1] != '=')
        {
            return null;
        }

        var name = rest[0];
        var comma = rest.IndexOf(',', StringComparison.Ordinal);
        (value, rest) = comma < 0 ? (rest[2..], "") : (rest[2..comma], rest[(comma + 1)..]);
        return name;
    }

    /// <summary>18 random bytes in base64, as PostgreSQL's (SCRAM_RAW_NONCE_LEN).</summary>
    public static string DrawNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));

    /// <summary>A nonce: at least one printable ASCII character, no comma (RFC 5802, 7: printable).</summary>
    public static bool IsNonce(string text) =>
        text.Length > 0 && text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
        && !text.Contains(',', StringComparison.Ordinal);

    /// <summary>Decodes base64 of at most so many bytes; null when it is none.</summary>
    public static byte[]? TryBase64(string text, int longest)
    {
        var bytes = new byte[longest];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
    }
}
