using System.Buffers;
using System.Buffers.Binary;

namespace Matriarch.Wire;

/// <summary>
/// Writes messages of a client one behind the other (PostgreSQL documentation, "Message Formats"). Texts are bytes in
/// whatever encoding the session has; none may contain a zero.
/// </summary>
public sealed class FrontendWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>How many answers by ReadyForQuery the messages so far call for.</summary>
    public int Requests { get; private set; }

    /// <summary>What has been written.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.WrittenMemory;

    /// <summary>Query.</summary>
    public FrontendWriter Query(ReadOnlySpan<byte> sql)
    {
        Requests++;
        return Begin(FrontendCode.Query, sql.Length + 1).Text(sql);
    }

    /// <summary>Parse; a type of 0 is for the server to find out.</summary>
    public FrontendWriter Parse(ReadOnlySpan<byte> name, ReadOnlySpan<byte> sql, ReadOnlySpan<uint> types)
    {
        Begin(FrontendCode.Parse, name.Length + 1 + sql.Length + 1 + 2 + (4 * types.Length)).Text(name).Text(sql);
        Word16((ushort)types.Length);
        foreach (var type in types)
        {
            Word32(type);
        }

        return this;
    }

    /// <summary>Bind of the unnamed statement to the unnamed portal, all in text.</summary>
    public FrontendWriter Bind(params ReadOnlySpan<ReadOnlyMemory<byte>> values)
    {
        var length = 1 + 1 + 2 + 2 + 2;
        foreach (var value in values)
        {
            length += 4 + value.Length;
        }

        Begin(FrontendCode.Bind, length).Text(default).Text(default);
        Word16(0);
        Word16((ushort)values.Length);
        foreach (var value in values)
        {
            Word32((uint)value.Length);
            _buffer.Write(value.Span);
        }

        Word16(0);
        return this;
    }

    /// <summary>Execute of the unnamed portal, to its end.</summary>
    public FrontendWriter Execute()
    {
        Begin(FrontendCode.Execute, 1 + 4).Text(default);
        Word32(0);
        return this;
    }

    /// <summary>Sync.</summary>
    public FrontendWriter Sync()
    {
        Requests++;
        return Begin(FrontendCode.Sync, 0);
    }

    /// <summary>Terminate.</summary>
    public FrontendWriter Terminate() => Begin(FrontendCode.Terminate, 0);

    /// <summary>SASLInitialResponse.</summary>
    public FrontendWriter SaslInitial(ReadOnlySpan<byte> mechanism, ReadOnlySpan<byte> data)
    {
        Begin(FrontendCode.Password, mechanism.Length + 1 + 4 + data.Length).Text(mechanism);
        Word32((uint)data.Length);
        _buffer.Write(data);
        return this;
    }

    /// <summary>SASLResponse.</summary>
    public FrontendWriter Sasl(ReadOnlySpan<byte> data)
    {
        Begin(FrontendCode.Password, data.Length);
        _buffer.Write(data);
        return this;
    }

    private FrontendWriter Begin(byte code, int bodyLength)
    {
        new MessageHeader(code, bodyLength).Write(_buffer.GetSpan(MessageHeader.Size));
        _buffer.Advance(MessageHeader.Size);
        return this;
    }

    private FrontendWriter Text(ReadOnlySpan<byte> text)
    {
        _buffer.Write(text);
        _buffer.GetSpan(1)[0] = 0;
        _buffer.Advance(1);
        return this;
    }

    private void Word16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
    }

    private void Word32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }
}
