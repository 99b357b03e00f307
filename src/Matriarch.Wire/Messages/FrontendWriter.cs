namespace Matriarch.Wire;

/// <summary>
/// Writes messages of a client one behind the other (PostgreSQL documentation, "Message Formats"). Texts are bytes in
/// whatever encoding the session has; none may contain a zero. A list has at most 65,535 items, and a message at most
/// <see cref="MessageHeader.MaxBodyLength"/> bytes: more is the caller's mistake, and throws.
/// </summary>
public sealed class FrontendWriter
{
    private readonly MessageBuffer _buffer = new();

    /// <summary>How many answers by ReadyForQuery the messages so far call for.</summary>
    public int Requests { get; private set; }

    /// <summary>What has been written; valid until the next message or <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.Bytes;

    /// <summary>Begins anew, with the memory it has.</summary>
    public void Clear()
    {
        Requests = 0;
        _buffer.Clear();
    }

    /// <summary>Query.</summary>
    public FrontendWriter Query(ReadOnlySpan<byte> sql)
    {
        Requests++;
        _buffer.Begin(FrontendCode.Query, sql.Length + 1L).Text(sql);
        return this;
    }

    /// <summary>Parse; a type of 0 is for the server to find out.</summary>
    public FrontendWriter Parse(ReadOnlySpan<byte> name, ReadOnlySpan<byte> sql, ReadOnlySpan<uint> types)
    {
        _buffer.Begin(FrontendCode.Parse, name.Length + 1L + sql.Length + 1 + 2 + (4L * types.Length))
            .Text(name).Text(sql).Counted32(types);
        return this;
    }

    /// <summary>Bind of the unnamed statement to the unnamed portal, all in text.</summary>
    public FrontendWriter Bind(params ReadOnlySpan<ReadOnlyMemory<byte>> values)
    {
        var nullable = new ReadOnlyMemory<byte>?[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            nullable[i] = values[i];
        }

        return Bind(default, default, default, nullable, default);
    }

    /// <summary>Bind.</summary>
    /// <param name="portal">Empty for the unnamed one.</param>
    /// <param name="statement">Empty for the unnamed one.</param>
    /// <param name="formats">0 text, 1 binary: none for text, one for all values, or one each.</param>
    /// <param name="values">Null for SQL null.</param>
    /// <param name="results">The same for the columns of the result.</param>
    public FrontendWriter Bind(
        ReadOnlySpan<byte> portal, ReadOnlySpan<byte> statement, ReadOnlySpan<short> formats,
        ReadOnlySpan<ReadOnlyMemory<byte>?> values, ReadOnlySpan<short> results)
    {
        var length = portal.Length + 1L + statement.Length + 1 + 2 + (2L * formats.Length)
            + MessageBuffer.LengthOf(values) + 2 + (2L * results.Length);
        _buffer.Begin(FrontendCode.Bind, length)
            .Text(portal).Text(statement).Counted16(formats).Values(values).Counted16(results);
        return this;
    }

    /// <summary>Describe of a statement or portal.</summary>
    public FrontendWriter Describe(TargetKind kind, ReadOnlySpan<byte> name) =>
        Target(FrontendCode.Describe, kind, name);

    /// <summary>Close of a statement or portal.</summary>
    public FrontendWriter Close(TargetKind kind, ReadOnlySpan<byte> name) => Target(FrontendCode.Close, kind, name);

    /// <summary>Execute of the unnamed portal, to its end.</summary>
    public FrontendWriter Execute() => Execute(default, 0);

    /// <summary>Execute.</summary>
    /// <param name="portal">Empty for the unnamed one.</param>
    /// <param name="maxRows">0 for all.</param>
    public FrontendWriter Execute(ReadOnlySpan<byte> portal, int maxRows)
    {
        _buffer.Begin(FrontendCode.Execute, portal.Length + 1L + 4).Text(portal).Word32((uint)maxRows);
        return this;
    }

    /// <summary>Sync.</summary>
    public FrontendWriter Sync()
    {
        Requests++;
        return Empty(FrontendCode.Sync);
    }

    /// <summary>Flush.</summary>
    public FrontendWriter Flush() => Empty(FrontendCode.Flush);

    /// <summary>Terminate.</summary>
    public FrontendWriter Terminate() => Empty(FrontendCode.Terminate);

    /// <summary>FunctionCall.</summary>
    /// <param name="function">Its object id.</param>
    /// <param name="formats">As in Bind.</param>
    /// <param name="values">Null for SQL null.</param>
    /// <param name="resultFormat">0 text, 1 binary.</param>
    public FrontendWriter FunctionCall(
        uint function, ReadOnlySpan<short> formats, ReadOnlySpan<ReadOnlyMemory<byte>?> values, short resultFormat)
    {
        Requests++;
        _buffer.Begin(FrontendCode.FunctionCall, 4 + 2 + (2L * formats.Length) + MessageBuffer.LengthOf(values) + 2)
            .Word32(function).Counted16(formats).Values(values).Word16((ushort)resultFormat);
        return this;
    }

    /// <summary>CopyData.</summary>
    public FrontendWriter CopyData(ReadOnlySpan<byte> data)
    {
        _buffer.Begin(FrontendCode.CopyData, data.Length).Raw(data);
        return this;
    }

    /// <summary>CopyDone.</summary>
    public FrontendWriter CopyDone() => Empty(FrontendCode.CopyDone);

    /// <summary>CopyFail, with the reason.</summary>
    public FrontendWriter CopyFail(ReadOnlySpan<byte> reason)
    {
        _buffer.Begin(FrontendCode.CopyFail, reason.Length + 1L).Text(reason);
        return this;
    }

    /// <summary>PasswordMessage.</summary>
    public FrontendWriter Password(ReadOnlySpan<byte> password)
    {
        _buffer.Begin(FrontendCode.Password, password.Length + 1L).Text(password);
        return this;
    }

    /// <summary>SASLInitialResponse.</summary>
    public FrontendWriter SaslInitial(ReadOnlySpan<byte> mechanism, ReadOnlySpan<byte> data)
    {
        _buffer.Begin(FrontendCode.Password, mechanism.Length + 1L + 4 + data.Length)
            .Text(mechanism).Word32((uint)data.Length).Raw(data);
        return this;
    }

    /// <summary>SASLResponse.</summary>
    public FrontendWriter Sasl(ReadOnlySpan<byte> data)
    {
        _buffer.Begin(FrontendCode.Password, data.Length).Raw(data);
        return this;
    }

    private FrontendWriter Target(byte code, TargetKind kind, ReadOnlySpan<byte> name)
    {
        _buffer.Begin(code, 1 + name.Length + 1L).Word8((byte)kind).Text(name);
        return this;
    }

    private FrontendWriter Empty(byte code)
    {
        _buffer.Begin(code, 0);
        return this;
    }
}
