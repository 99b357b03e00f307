using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// What every datagram is wrapped in: version, authentication code (HMAC-SHA-256, cut to 16 bytes), sender, receiver,
/// the sender's process and its counter. The code covers cluster and instance too, so that a datagram of a neighbouring
/// cluster with the same key is as foreign as a forged one.
/// </summary>
internal sealed class Envelope
{
    /// <summary>
    /// Largest datagram; fragments of it still arrive on any IP network, and loopback takes far more.
    /// </summary>
    public const int MaxBytes = 8 * 1024;

    private const byte Version = 1;
    private const int CodeBytes = 16;
    private const int HeaderBytes = 1 + CodeBytes;

    private readonly byte[] _key;

    /// <param name="clusterKey">The cluster's secret, at least 16 characters.</param>
    /// <param name="cluster">cluster.id.</param>
    /// <param name="instance">cluster.instance.</param>
    public Envelope(string clusterKey, string cluster, string instance)
    {
        Invariant.Holds(clusterKey.Length >= 16, "the cluster key has been checked");
        _key = HMACSHA256.HashData(Encoding.UTF8.GetBytes(clusterKey),
            Encoding.UTF8.GetBytes($"{cluster}\n{instance}"));
    }

    /// <summary>Begins a datagram; the caller writes the message, then <see cref="Seal"/>s it.</summary>
    public static DatagramWriter Begin(byte[] buffer, NodeId from, NodeId to, ulong boot, ulong counter)
    {
        var writer = new DatagramWriter(buffer.AsSpan(HeaderBytes));
        writer.Node(from);
        writer.Node(to);
        writer.UInt64(boot);
        writer.UInt64(counter);
        return writer;
    }

    /// <summary>Completes the header and tells the datagram's length.</summary>
    public int Seal(byte[] buffer, int bodyLength)
    {
        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        buffer[0] = Version;
        HMACSHA256.HashData(_key, buffer.AsSpan(HeaderBytes, bodyLength), code);
        code[..CodeBytes].CopyTo(buffer.AsSpan(1));
        return HeaderBytes + bodyLength;
    }

    /// <summary>Checks a datagram and opens it; false when it is not from a holder of the key.</summary>
    public bool TryOpen(ReadOnlySpan<byte> datagram, out DatagramReader body)
    {
        body = default;
        if (datagram.Length <= HeaderBytes || datagram[0] != Version)
        {
            return false;
        }

        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, datagram[HeaderBytes..], code);
        if (!CryptographicOperations.FixedTimeEquals(code[..CodeBytes], datagram.Slice(1, CodeBytes)))
        {
            return false;
        }

        body = new DatagramReader(datagram[HeaderBytes..]);
        return true;
    }
}
