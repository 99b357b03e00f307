namespace Matriarch.Proxy;

/// <summary>
/// The words of an SQL text, one after the other: keywords and names outside of constants and comments, and the
/// semicolons between statements. The rules are those of PostgreSQL's scanner (scan.l); a text that is not SQL gives
/// some words, and never an error.
/// </summary>
/// <param name="sql">In an encoding in which bytes below 128 are ASCII, wherever they stand.</param>
internal ref struct SqlWords(ReadOnlySpan<byte> sql)
{
    private ReadOnlySpan<byte> _rest = sql;

    /// <summary>The present word; empty for a semicolon. Of a quoted name without the quotes.</summary>
    public ReadOnlySpan<byte> Word { get; private set; }

    /// <summary>Whether it is a name in double quotes: no keyword, and its case counts.</summary>
    public bool IsQuoted { get; private set; }

    /// <summary>Whether the text ended inside a constant, a quoted name or a comment.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Goes to the next word or semicolon; false at the end.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var first = _rest[0];
            switch (first)
            {
                case (byte)'\'':
                    SkipConstant(hasEscapes: false);
                    continue;
                case (byte)'"':
                    TakeQuoted();
                    return true;
                case (byte)'-' when _rest is [_, (byte)'-', ..]:
                    SkipLine();
                    continue;
                case (byte)'/' when _rest is [_, (byte)'*', ..]:
                    SkipComment();
                    continue;
                case (byte)'$' when TrySkipDollarQuoted():
                    continue;
                case (byte)';':
                    Word = default;
                    IsQuoted = false;
                    _rest = _rest[1..];
                    return true;
                case >= (byte)'0' and <= (byte)'9':
                    SkipNumber();
                    continue;
            }

            if (!IsStart(first))
            {
                _rest = _rest[1..];
                continue;
            }

            var length = 1;
            while (length < _rest.Length && IsPart(_rest[length]))
            {
                length++;
            }

            if (length < _rest.Length && _rest[length] == '\'' && TrySkipPrefixed(length))
            {
                continue;
            }

            Word = _rest[..length];
            IsQuoted = false;
            _rest = _rest[length..];
            return true;
        }

        return false;
    }

    private static bool IsStart(byte b) => char.IsAsciiLetter((char)b) || b is (byte)'_' or >= 0x80;

    private static bool IsPart(byte b) => IsStart(b) || char.IsAsciiDigit((char)b) || b == '$';

    // E'..' has backslash escapes; B'..', X'..', N'..' and U&'..' are like plain ones. Any other word before a quote
    // stands for itself.
    private bool TrySkipPrefixed(int length)
    {
        var isPrefix = length == 1 && (_rest[0] | 0x20) is 'e' or 'b' or 'x' or 'n';
        if (!isPrefix)
        {
            return false;
        }

        var hasEscapes = (_rest[0] | 0x20) == 'e';
        _rest = _rest[1..];
        SkipConstant(hasEscapes);
        return true;
    }

    // A doubled quote looks like two constants in a row, which comes to the same here.
    private void SkipConstant(bool hasEscapes)
    {
        var at = 1;
        while (true)
        {
            var next = hasEscapes ? _rest[at..].IndexOfAny((byte)'\'', (byte)'\\') : _rest[at..].IndexOf((byte)'\'');
            if (next < 0)
            {
                CutOff();
                return;
            }

            at += next;
            if (_rest[at] == '\'')
            {
                var isDoubled = hasEscapes && at + 1 < _rest.Length && _rest[at + 1] == '\'';
                if (!isDoubled)
                {
                    _rest = _rest[(at + 1)..];
                    return;
                }
            }

            at += 2; // an escape, or a doubled quote
            if (at > _rest.Length)
            {
                CutOff();
                return;
            }
        }
    }

    private void TakeQuoted()
    {
        var end = _rest[1..].IndexOf((byte)'"');
        Word = end < 0 ? _rest[1..] : _rest[1..(end + 1)];
        IsQuoted = true;
        if (end < 0)
        {
            CutOff();
        }
        else
        {
            _rest = _rest[(end + 2)..];
        }
    }

    private void SkipLine()
    {
        var end = _rest.IndexOfAny((byte)'\n', (byte)'\r');
        _rest = end < 0 ? default : _rest[(end + 1)..];
    }

    private void SkipComment()
    {
        var depth = 0;
        for (var at = 0; at + 1 < _rest.Length; at++)
        {
            if (_rest[at] == '/' && _rest[at + 1] == '*')
            {
                depth++;
                at++;
            }
            else if (_rest[at] == '*' && _rest[at + 1] == '/')
            {
                at++;
                if (--depth == 0)
                {
                    _rest = _rest[(at + 1)..];
                    return;
                }
            }
        }

        CutOff();
    }

    // $1 is a parameter, $$ and $tag$ begin a constant; a dollar inside a name is part of the name.
    private bool TrySkipDollarQuoted()
    {
        var length = 1;
        while (length < _rest.Length && IsPart(_rest[length]) && _rest[length] != '$')
        {
            length++;
        }

        if (length == _rest.Length || _rest[length] != '$' || (length > 1 && char.IsAsciiDigit((char)_rest[1])))
        {
            return false;
        }

        var tag = _rest[..(length + 1)];
        var end = _rest[tag.Length..].IndexOf(tag);
        if (end < 0)
        {
            CutOff();
        }
        else
        {
            _rest = _rest[((2 * tag.Length) + end)..];
        }

        return true;
    }

    private void SkipNumber()
    {
        var length = 1;
        while (length < _rest.Length && (IsPart(_rest[length]) || _rest[length] == '.'))
        {
            length++;
        }

        _rest = _rest[length..];
    }

    private void CutOff()
    {
        IsCutOff = true;
        _rest = default;
    }
}
