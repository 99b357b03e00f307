using System.Text;

namespace Matriarch.Wire;

/// <summary>
/// Prepares a password before it is hashed (RFC 4013), as PostgreSQL does it (pg_saslprep in saslprep.c): ASCII stays
/// as it is; what is not UTF-8, becomes empty, or has what the RFC prohibits is taken as the bytes that were given,
/// because nobody knows its encoding. As there, the last two rules look at the text before it is normalized.
/// </summary>
public static class SaslPrep
{
    /// <summary>The bytes to hash; a copy of its own.</summary>
    public static byte[] Prepare(ReadOnlySpan<byte> password)
    {
        if (Ascii.IsValid(password))
        {
            return password.ToArray();
        }

        var mapped = TryMap(password);
        return mapped is null || mapped.Count == 0 || mapped.Exists(IsProhibited) || !IsOneDirection(mapped)
            ? password.ToArray()
            : Encode(SaslPrepTables.Instance.Normalize(mapped));
    }

    /// <summary>Other spaces become a space and what only guides the display is left out (RFC 4013, 2.1); null when it
    /// is not UTF-8.</summary>
    private static List<int>? TryMap(ReadOnlySpan<byte> text)
    {
        var tables = SaslPrepTables.Instance;
        var mapped = new List<int>(text.Length);
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                return null;
            }

            text = text[length..];
            if (tables.Spaces.Contains(rune.Value))
            {
                mapped.Add(' ');
            }
            else if (!tables.Nothing.Contains(rune.Value))
            {
                mapped.Add(rune.Value);
            }
        }

        return mapped;
    }

    private static bool IsProhibited(int code) =>
        SaslPrepTables.Instance.Prohibited.Contains(code) || SaslPrepTables.Instance.Unassigned.Contains(code);

    /// <summary>Text with anything that is written from right to left begins and ends with it, and has nothing of the
    /// other kind (RFC 3454, 6).</summary>
    private static bool IsOneDirection(List<int> text)
    {
        var (right, left) = (SaslPrepTables.Instance.RightToLeft, SaslPrepTables.Instance.LeftToRight);
        return !text.Exists(right.Contains)
            || (!text.Exists(left.Contains) && right.Contains(text[0]) && right.Contains(text[^1]));
    }

    private static byte[] Encode(List<int> text)
    {
        var bytes = new byte[text.Sum(c => new Rune(c).Utf8SequenceLength)];
        var at = 0;
        foreach (var code in text)
        {
            at += new Rune(code).EncodeToUtf8(bytes.AsSpan(at));
        }

        return bytes;
    }
}
