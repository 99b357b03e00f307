namespace Matriarch.Proxy;

/// <summary>
/// Recognizes SQL that ends a transaction, for one purpose: while it runs, no cancel request is passed on. It errs to
/// both sides on purpose: a word inside a string constant counts (a cancel is then ignored, which is allowed), and
/// only the first <see cref="MaxScanned"/> bytes are read (a late COMMIT is missed, and the warning of the interrupted
/// wait is the second net).
/// </summary>
internal static class CommitWords
{
    /// <summary>Bytes of a text that are looked at.</summary>
    public const int MaxScanned = 1024;

    /// <summary>Whether one of the statements in the text starts with COMMIT, END or PREPARE TRANSACTION.</summary>
    public static bool Contains(ReadOnlySpan<byte> sql)
    {
        var rest = sql[..Math.Min(sql.Length, MaxScanned)];
        while (true)
        {
            rest = SkipBlank(rest);
            if (StartsWithWord(rest, "COMMIT"u8) || StartsWithWord(rest, "END"u8)
                || (StartsWithWord(rest, "PREPARE"u8) && StartsWithWord(SkipBlank(rest[7..]), "TRANSACTION"u8)))
            {
                return true;
            }

            var next = rest.IndexOf((byte)';');
            if (next < 0)
            {
                return false;
            }

            rest = rest[(next + 1)..];
        }
    }

    private static ReadOnlySpan<byte> SkipBlank(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            text = text.TrimStart(" \t\r\n\f\v"u8);
            if (text.StartsWith("--"u8))
            {
                var end = text.IndexOfAny((byte)'\n', (byte)'\r');
                text = end < 0 ? default : text[(end + 1)..];
            }
            else if (text.StartsWith("/*"u8))
            {
                text = SkipComment(text);
            }
            else
            {
                return text;
            }
        }
    }

    /// <summary>Behind a block comment, which nests in PostgreSQL.</summary>
    private static ReadOnlySpan<byte> SkipComment(ReadOnlySpan<byte> text)
    {
        var depth = 0;
        for (var i = 0; i + 1 < text.Length; i++)
        {
            var (first, second) = (text[i], text[i + 1]);
            if (first == '/' && second == '*')
            {
                depth++;
                i++;
            }
            else if (first == '*' && second == '/')
            {
                i++;
                if (--depth == 0)
                {
                    return text[(i + 1)..];
                }
            }
        }

        return default;
    }

    private static bool StartsWithWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> upper)
    {
        if (text.Length < upper.Length || !System.Text.Ascii.EqualsIgnoreCase(text[..upper.Length], upper))
        {
            return false;
        }

        return text.Length == upper.Length
            || text[upper.Length] is not ((>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z')
                or (>= (byte)'0' and <= (byte)'9') or (byte)'_' or >= 0x80);
    }
}
