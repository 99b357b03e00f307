using System.Text;

namespace Matriarch.Proxy;

/// <summary>
/// The custom settings (<c>app.user</c>) that a session may have set, by what its statements contain: <c>SET
/// app.user</c> and <c>set_config('app.user', …)</c>. PostgreSQL tells the value of such a setting, but not which there
/// are. Only candidates: a name that is none has no value, and does no harm.
/// </summary>
internal sealed class CustomSettings
{
    private const int MostNames = 64;
    private const int LongestName = 128;

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names so far, of letters, digits, <c>_</c>, <c>$</c> and <c>.</c> only.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>Why the session's settings cannot be known; null while they can.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>A setting that the session has from its start.</summary>
    public void NoteName(ReadOnlySpan<byte> name) => Add(name);

    /// <summary>Says why the session cannot be moved at all.</summary>
    public void Refuse(string why) => Obstacle ??= why;

    /// <summary>Looks at a statement. Nearly all contain no "set" but that of an UPDATE.</summary>
    public void Note(ReadOnlySpan<byte> sql)
    {
        var rest = sql;
        while (true)
        {
            var at = rest.IndexOfAny((byte)'s', (byte)'S');
            if (at < 0 || rest.Length - at < 4)
            {
                return;
            }

            var isWord = at == 0 || !IsPartOfName(rest[at - 1]);
            rest = rest[at..];
            if (isWord && (rest[1] | 0x20) == 'e' && (rest[2] | 0x20) == 't')
            {
                NoteSet(rest[3..]);
            }

            rest = rest[1..];
        }
    }

    private void NoteSet(ReadOnlySpan<byte> behind)
    {
        if (behind.Length > 7 && Ascii.EqualsIgnoreCase(behind[..7], "_config"u8))
        {
            NoteCall(behind[7..].TrimStart(" \t\r\n"u8));
        }
        else if (behind[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            var name = behind.TrimStart(" \t\r\n"u8);
            if (name.Length > 8 && Ascii.EqualsIgnoreCase(name[..7], "SESSION"u8) && !IsPartOfName(name[7]))
            {
                name = name[7..].TrimStart(" \t\r\n"u8);
            }

            Add(name[..NameLength(name)]);
        }
    }

    private void NoteCall(ReadOnlySpan<byte> call)
    {
        if (call.IsEmpty || call[0] != '(')
        {
            return;
        }

        var arguments = call[1..].TrimStart(" \t\r\n"u8);
        if (TryConstant(arguments, out var name))
        {
            Add(name);
        }
        else if (!IsLocal(call))
        {
            Refuse("it calls set_config with a name that is not a constant");
        }
    }

    /// <summary>Whether the first argument is a constant, and nothing is done with it.</summary>
    private static bool TryConstant(ReadOnlySpan<byte> arguments, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (arguments.IsEmpty || arguments[0] != '\'')
        {
            return false;
        }

        name = arguments[1..];
        name = name[..NameLength(name)];
        var behind = arguments[(1 + name.Length)..];
        return behind.Length > 1 && behind[0] == '\'' && behind[1..].TrimStart(" \t\r\n"u8) is [(byte)',', ..];
    }

    /// <summary>Whether the last argument is the constant true: then it ends with the transaction.</summary>
    private static bool IsLocal(ReadOnlySpan<byte> call)
    {
        var depth = 0;
        var last = 0;
        for (var i = 0; i < call.Length; i++)
        {
            switch (call[i])
            {
                case (byte)'(':
                    depth++;
                    break;
                case (byte)',' when depth == 1:
                    last = i + 1;
                    break;
                case (byte)')' when --depth == 0:
                    return Ascii.EqualsIgnoreCase(call[last..i].Trim(" \t\r\n"u8), "true"u8);
            }
        }

        return false;
    }

    private void Add(ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName || name.IndexOf((byte)'.') < 1)
        {
            return;
        }

        if (_names.Count < MostNames)
        {
            _names.Add(Encoding.ASCII.GetString(name));
        }
        else
        {
            Refuse("it may have set too many custom settings");
        }
    }

    private static int NameLength(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && (IsPartOfName(text[length]) || text[length] == '.'))
        {
            length++;
        }

        return length;
    }

    private static bool IsPartOfName(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'$';
}
