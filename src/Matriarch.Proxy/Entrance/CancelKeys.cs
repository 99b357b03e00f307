using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// The keys by which clients cancel: the gateway's own, since the backend behind a client changes with each
/// transaction. For any thread.
/// </summary>
internal sealed class CancelKeys
{
    /// <summary>Bytes of a secret in protocol 3.2; before, a secret has 4.</summary>
    private const int LongSecret = 32;

    private const int Attempts = 16;

    private readonly ConcurrentDictionary<CancelKey, PooledClient> _clients = new();

    /// <summary>Gives a client a key that no other has.</summary>
    public CancelKey Add(PooledClient client, ProtocolVersion version)
    {
        Span<byte> random = stackalloc byte[4 + LongSecret];
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            RandomNumberGenerator.Fill(random);
            var process = BinaryPrimitives.ReadInt32BigEndian(random) & int.MaxValue; // drivers print it as a process
            var key = CancelKey.Create(process, random.Slice(4, version.Minor >= 2 ? LongSecret : 4));
            if (_clients.TryAdd(key, client))
            {
                return key;
            }
        }

        throw new Core.InvariantException("random cancel keys repeat");
    }

    /// <summary>A client has gone.</summary>
    public void Remove(CancelKey key) => _clients.TryRemove(key, out _);

    /// <summary>Whose key it is; null when it is nobody's.</summary>
    public PooledClient? Find(CancelKey key) => _clients.GetValueOrDefault(key);
}
