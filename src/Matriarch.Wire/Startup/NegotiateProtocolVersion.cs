using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Matriarch.Wire;

/// <summary>A server's answer to a newer minor version or to unknown <c>_pq_.</c> options.</summary>
/// <param name="Newest">The newest version that the server speaks.</param>
/// <param name="UnknownOptions">Names of protocol options that it does not know.</param>
public sealed record NegotiateProtocolVersion(ProtocolVersion Newest, ImmutableArray<string> UnknownOptions)
{
    /// <summary>
    /// Reads its body; null when it is malformed. The documentation speaks of the minor version alone, which reads as
    /// a version with major 0 and is taken as 3; PostgreSQL itself sends both halves.
    /// </summary>
    public static NegotiateProtocolVersion? TryParse(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8)
        {
            return null;
        }

        var version = ProtocolVersion.FromCode(BinaryPrimitives.ReadUInt32BigEndian(body));
        var count = BinaryPrimitives.ReadInt32BigEndian(body[4..]);
        var rest = body[8..];
        if (count < 0 || count > rest.Length) // every name takes at least its zero
        {
            return null;
        }

        var names = ImmutableArray.CreateBuilder<string>(count);
        for (var i = 0; i < count; i++)
        {
            if (!CString.TryTake(ref rest, out var name))
            {
                return null;
            }

            names.Add(Encoding.UTF8.GetString(name));
        }

        return rest.IsEmpty
            ? new NegotiateProtocolVersion(
                version.Major == 0 ? version with { Major = 3 } : version, names.ToImmutable())
            : null;
    }

    /// <summary>The message, header included.</summary>
    public byte[] Encode()
    {
        var bytes = new List<byte>(64);
        bytes.AddRange(stackalloc byte[MessageHeader.Size + 8]);
        foreach (var name in UnknownOptions)
        {
            CString.Append(bytes, name);
        }

        var message = bytes.ToArray();
        new MessageHeader(BackendCode.NegotiateProtocolVersion, message.Length - MessageHeader.Size).Write(message);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(MessageHeader.Size), Newest.ToCode());
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(MessageHeader.Size + 4), UnknownOptions.Length);
        return message;
    }
}
