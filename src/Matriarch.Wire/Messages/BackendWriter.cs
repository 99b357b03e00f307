using System.Text;

namespace Matriarch.Wire;

/// <summary>
/// Writes messages of a server one behind the other (PostgreSQL documentation, "Message Formats"). Texts are bytes in
/// whatever encoding the session has; none may contain a zero. A list has at most 65,535 items, and a message at most
/// <see cref="MessageHeader.MaxBodyLength"/> bytes: more is the caller's mistake, and throws.
/// </summary>
public sealed class BackendWriter
{
    private readonly MessageBuffer _buffer = new();

    /// <summary>What has been written; valid until the next message or <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.Bytes;

    /// <summary>Begins anew, with the memory it has.</summary>
    public void Clear() => _buffer.Clear();

    /// <summary>AuthenticationOk.</summary>
    public BackendWriter AuthenticationOk() => Authentication(AuthenticationKind.Ok, default);

    /// <summary>AuthenticationCleartextPassword.</summary>
    public BackendWriter AskCleartextPassword() => Authentication(AuthenticationKind.CleartextPassword, default);

    /// <summary>AuthenticationMD5Password.</summary>
    /// <param name="salt">4 random bytes.</param>
    public BackendWriter AskMd5Password(ReadOnlySpan<byte> salt)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, 4);
        return Authentication(AuthenticationKind.Md5Password, salt);
    }

    /// <summary>AuthenticationSASL.</summary>
    /// <param name="mechanisms">The best first.</param>
    public BackendWriter Sasl(params ReadOnlySpan<string> mechanisms)
    {
        var data = new List<byte>(64);
        foreach (var mechanism in mechanisms)
        {
            CString.Append(data, mechanism);
        }

        data.Add(0);
        return Authentication(AuthenticationKind.Sasl, data.ToArray());
    }

    /// <summary>AuthenticationSASLContinue.</summary>
    public BackendWriter SaslContinue(ReadOnlySpan<byte> data) => Authentication(AuthenticationKind.SaslContinue, data);

    /// <summary>AuthenticationSASLFinal.</summary>
    public BackendWriter SaslFinal(ReadOnlySpan<byte> data) => Authentication(AuthenticationKind.SaslFinal, data);

    /// <summary>A message that another type has encoded, header included.</summary>
    public BackendWriter Message(ReadOnlySpan<byte> message)
    {
        _buffer.Raw(message);
        return this;
    }

    /// <summary>ErrorResponse.</summary>
    public BackendWriter Error(ServerMessage error) => Message(error.ToErrorResponse());

    /// <summary>NoticeResponse.</summary>
    public BackendWriter Notice(ServerMessage notice) => Message(notice.ToNoticeResponse());

    /// <summary>ParameterStatus.</summary>
    public BackendWriter ParameterStatus(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _buffer.Begin(BackendCode.ParameterStatus, name.Length + 1L + value.Length + 1).Text(name).Text(value);
        return this;
    }

    /// <summary>BackendKeyData.</summary>
    public BackendWriter Key(CancelKey key) => Message(key.ToBackendKeyData());

    /// <summary>ReadyForQuery.</summary>
    public BackendWriter Ready(TransactionStatus status)
    {
        _buffer.Begin(BackendCode.ReadyForQuery, 1).Word8((byte)status);
        return this;
    }

    /// <summary>RowDescription.</summary>
    public BackendWriter RowDescription(params ReadOnlySpan<RowColumn> columns)
    {
        var length = 2L;
        foreach (var column in columns)
        {
            length += column.Name.Length + 1 + RowField.FixedSize;
        }

        _buffer.Begin(BackendCode.RowDescription, length).Word16(checked((ushort)columns.Length));
        foreach (var column in columns)
        {
            _buffer.Text(column.Name.Span).Word32(column.Table).Word16((ushort)column.Number).Word32(column.Type)
                .Word16((ushort)column.TypeSize).Word32((uint)column.TypeModifier).Word16((ushort)column.Format);
        }

        return this;
    }

    /// <summary>DataRow; null for SQL null. A null array is converted to an empty value instead.</summary>
    public BackendWriter Row(params ReadOnlySpan<ReadOnlyMemory<byte>?> values)
    {
        _buffer.Begin(BackendCode.DataRow, MessageBuffer.LengthOf(values)).Values(values);
        return this;
    }

    /// <summary>DataRow of texts in UTF-8; null for SQL null.</summary>
    public BackendWriter TextRow(params ReadOnlySpan<string?> values)
    {
        var bytes = new ReadOnlyMemory<byte>?[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // The cast: a null array would become an empty memory, which is no SQL null.
            bytes[i] = values[i] is { } text ? Encoding.UTF8.GetBytes(text) : (ReadOnlyMemory<byte>?)null;
        }

        return Row(bytes);
    }

    /// <summary>CommandComplete.</summary>
    public BackendWriter CommandComplete(ReadOnlySpan<byte> tag)
    {
        _buffer.Begin(BackendCode.CommandComplete, tag.Length + 1L).Text(tag);
        return this;
    }

    /// <summary>ParameterDescription.</summary>
    public BackendWriter ParameterDescription(params ReadOnlySpan<uint> types)
    {
        _buffer.Begin(BackendCode.ParameterDescription, 2 + (4L * types.Length)).Counted32(types);
        return this;
    }

    /// <summary>NotificationResponse.</summary>
    public BackendWriter Notification(int processId, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> payload)
    {
        _buffer.Begin(BackendCode.NotificationResponse, 4 + channel.Length + 1L + payload.Length + 1)
            .Word32((uint)processId).Text(channel).Text(payload);
        return this;
    }

    /// <summary>FunctionCallResponse; null for SQL null.</summary>
    public BackendWriter FunctionCallResponse(ReadOnlyMemory<byte>? value)
    {
        _buffer.Begin(BackendCode.FunctionCallResponse, 4 + (value?.Length ?? 0L)).Value(value);
        return this;
    }

    /// <summary>CopyInResponse, CopyOutResponse or CopyBothResponse.</summary>
    /// <param name="code">Which of them.</param>
    /// <param name="format">0 text, 1 binary.</param>
    /// <param name="columns">The format of each column.</param>
    public BackendWriter CopyResponse(byte code, byte format, params ReadOnlySpan<short> columns)
    {
        _buffer.Begin(code, 1 + 2 + (2L * columns.Length)).Word8(format).Counted16(columns);
        return this;
    }

    /// <summary>CopyData.</summary>
    public BackendWriter CopyData(ReadOnlySpan<byte> data)
    {
        _buffer.Begin(BackendCode.CopyData, data.Length).Raw(data);
        return this;
    }

    /// <summary>A message without a body: ParseComplete, BindComplete, CloseComplete, NoData, PortalSuspended,
    /// EmptyQueryResponse, CopyDone.</summary>
    public BackendWriter Empty(byte code)
    {
        _buffer.Begin(code, 0);
        return this;
    }

    private BackendWriter Authentication(int kind, ReadOnlySpan<byte> data)
    {
        _buffer.Begin(BackendCode.Authentication, 4L + data.Length).Word32((uint)kind).Raw(data);
        return this;
    }
}
