namespace Matriarch.Wire;

/// <summary>
/// Gives the statement in a Parse, Bind, Describe or Close another name without copying the rest of the message, of
/// which only the beginning need be there: send the head that <see cref="WriteHead"/> makes, leave out the first
/// <see cref="Replaced"/> bytes of the message, and pass on the <see cref="Rest"/> as it comes.
/// </summary>
public readonly ref struct StatementRename
{
    private readonly ReadOnlySpan<byte> _before; // of the body, up to the name
    private readonly byte _code;

    private StatementRename(byte code, int bodyLength, ReadOnlySpan<byte> before, ReadOnlySpan<byte> name)
    {
        _code = code;
        _before = before;
        Name = name;
        Replaced = MessageHeader.Size + before.Length + name.Length + 1;
        Rest = bodyLength + MessageHeader.Size - Replaced;
    }

    /// <summary>The statement's present name; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Bytes of the message, header included, that the head stands for.</summary>
    public int Replaced { get; }

    /// <summary>Bytes of the message behind them, here or yet to come.</summary>
    public int Rest { get; }

    /// <summary>
    /// Looks for the statement's name. <see cref="StatementRenameRead.None"/> also for messages that name no statement,
    /// such as a Describe of a portal.
    /// </summary>
    /// <param name="header">The message's.</param>
    /// <param name="body">Of its body what is there, from the beginning; more bytes are not looked at.</param>
    /// <param name="rename">What was found.</param>
    public static StatementRenameRead TryRead(
        MessageHeader header, ReadOnlySpan<byte> body, out StatementRename rename)
    {
        rename = default;
        var isWhole = body.Length >= header.BodyLength;
        body = isWhole ? body[..header.BodyLength] : body;
        var missing = isWhole ? StatementRenameRead.Malformed : StatementRenameRead.Incomplete;
        int before;
        switch (header.Code)
        {
            case FrontendCode.Parse:
                before = 0;
                break;
            case FrontendCode.Bind:
                before = body.IndexOf((byte)0) + 1;
                if (before == 0)
                {
                    return missing;
                }

                break;
            case FrontendCode.Describe or FrontendCode.Close:
                if (body.IsEmpty)
                {
                    return missing;
                }

                if (body[0] != (byte)TargetKind.Statement)
                {
                    return StatementRenameRead.None;
                }

                before = 1;
                break;
            default:
                return StatementRenameRead.None;
        }

        var length = body[before..].IndexOf((byte)0);
        if (length < 0)
        {
            return missing;
        }

        rename = new StatementRename(header.Code, header.BodyLength, body[..before], body.Slice(before, length));
        return StatementRenameRead.Found;
    }

    /// <summary>Bytes that the head takes with a name of this length.</summary>
    public int HeadLength(int nameLength) => MessageHeader.Size + _before.Length + nameLength + 1;

    /// <summary>Writes the header and the message up to the end of the name.</summary>
    /// <param name="name">The new name, without a zero.</param>
    /// <param name="target">At least <see cref="HeadLength"/> bytes.</param>
    /// <returns>False when the message would become longer than any may be; nothing is written then.</returns>
    public bool WriteHead(ReadOnlySpan<byte> name, Span<byte> target)
    {
        var length = (long)_before.Length + name.Length + 1 + Rest;
        if (length > MessageHeader.MaxBodyLength)
        {
            return false;
        }

        new MessageHeader(_code, (int)length).Write(target);
        _before.CopyTo(target[MessageHeader.Size..]);
        var at = MessageHeader.Size + _before.Length;
        name.CopyTo(target[at..]);
        target[at + name.Length] = 0;
        return true;
    }
}
