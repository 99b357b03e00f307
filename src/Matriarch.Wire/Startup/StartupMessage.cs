using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Matriarch.Wire;

/// <summary>
/// The packet that opens a session: a version and parameters. Values are kept as the bytes that the client sent,
/// because their encoding is not known before the session exists; what is not changed is passed on exactly as it came.
/// </summary>
public sealed class StartupMessage
{
    /// <summary>One parameter, both halves without their zero.</summary>
    public readonly record struct Parameter(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value);

    /// <exception cref="ArgumentException">A name is empty, or a zero stands in a name or value.</exception>
    public StartupMessage(ProtocolVersion version, ImmutableArray<Parameter> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (name.IsEmpty || name.Span.Contains((byte)0) || value.Span.Contains((byte)0))
            {
                throw new ArgumentException("a startup parameter needs a name, and no zero bytes", nameof(parameters));
            }
        }

        Version = version;
        Parameters = parameters;
    }

    /// <summary>The protocol version that the client asks for; a server may negotiate a lower minor one.</summary>
    public ProtocolVersion Version { get; }

    /// <summary>In the client's order.</summary>
    public ImmutableArray<Parameter> Parameters { get; }

    /// <summary>A message with these parameters, as UTF-8.</summary>
    public static StartupMessage Create(
        ProtocolVersion version, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        var list = ImmutableArray.CreateBuilder<Parameter>(parameters.Length);
        foreach (var (name, value) in parameters)
        {
            list.Add(new Parameter(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value)));
        }

        return new StartupMessage(version, list.ToImmutable());
    }

    /// <summary>Reads what follows the version word; null when it is not a list of pairs with one zero at the
    /// end.</summary>
    public static StartupMessage? TryParse(ProtocolVersion version, ReadOnlySpan<byte> body)
    {
        var parameters = ImmutableArray.CreateBuilder<Parameter>();
        var rest = body;
        while (CString.TryTake(ref rest, out var name))
        {
            if (name.IsEmpty)
            {
                return rest.IsEmpty ? new StartupMessage(version, parameters.ToImmutable()) : null;
            }

            if (!CString.TryTake(ref rest, out var value))
            {
                return null;
            }

            parameters.Add(new Parameter(name.ToArray(), value.ToArray()));
        }

        return null;
    }

    /// <summary>The last parameter of this name, as PostgreSQL takes it; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Find(ReadOnlySpan<byte> name)
    {
        for (var i = Parameters.Length - 1; i >= 0; i--)
        {
            if (Parameters[i].Name.Span.SequenceEqual(name))
            {
                return Parameters[i].Value;
            }
        }

        return null;
    }

    /// <summary>The same as text, for messages and logs; bytes that are not UTF-8 become replacement
    /// characters.</summary>
    public string? FindText(ReadOnlySpan<byte> name) =>
        Find(name) is { } value ? Encoding.UTF8.GetString(value.Span) : null;

    /// <summary>
    /// This message with another database; an empty one removes the parameter, which makes PostgreSQL take the user's
    /// name.
    /// </summary>
    public StartupMessage WithDatabase(ReadOnlySpan<byte> database)
    {
        var kept = Parameters.RemoveAll(p => p.Name.Span.SequenceEqual("database"u8));
        return new StartupMessage(
            Version, database.IsEmpty ? kept : kept.Add(new Parameter("database"u8.ToArray(), database.ToArray())));
    }

    /// <summary>The packet, length word included.</summary>
    public byte[] Encode()
    {
        var length = 4 + 4 + 1;
        foreach (var (name, value) in Parameters)
        {
            length += name.Length + value.Length + 2;
        }

        var packet = new byte[length];
        BinaryPrimitives.WriteInt32BigEndian(packet, length);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), Version.ToCode());
        var at = 8;
        foreach (var (name, value) in Parameters)
        {
            name.Span.CopyTo(packet.AsSpan(at));
            at += name.Length + 1;
            value.Span.CopyTo(packet.AsSpan(at));
            at += value.Length + 1;
        }

        return packet;
    }
}
