using System.Buffers.Binary;

namespace Matriarch.Wire;

/// <summary>
/// What a client must know to cancel a statement: the backend's process id and its secret. Up to protocol 3.1 the
/// secret has 4 bytes; since 3.2 (PostgreSQL 18) it may have up to 256. Compared by value; never printed.
/// </summary>
public sealed class CancelKey : IEquatable<CancelKey>
{
    /// <summary>Longest secret, in bytes (PostgreSQL documentation, "BackendKeyData").</summary>
    public const int MaxSecretLength = 256;

    private readonly byte[] _secret;

    private CancelKey(int processId, byte[] secret)
    {
        ProcessId = processId;
        _secret = secret;
    }

    /// <summary>The process id of the backend, on its own node.</summary>
    public int ProcessId { get; }

    /// <summary>The secret; 4 to 256 bytes.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <exception cref="ArgumentOutOfRangeException">The secret has not 4 to 256 bytes.</exception>
    public static CancelKey Create(int processId, ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, 4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(secret.Length, MaxSecretLength);
        return new CancelKey(processId, secret.ToArray());
    }

    /// <summary>Reads the body of BackendKeyData, or of a CancelRequest behind its code; null when it is
    /// malformed.</summary>
    public static CancelKey? TryParse(ReadOnlySpan<byte> body) =>
        body.Length is < 8 or > 4 + MaxSecretLength
            ? null
            : new CancelKey(BinaryPrimitives.ReadInt32BigEndian(body), body[4..].ToArray());

    /// <summary>The BackendKeyData message that tells a client this key.</summary>
    public byte[] ToBackendKeyData()
    {
        var message = new byte[MessageHeader.Size + 4 + _secret.Length];
        new MessageHeader(BackendCode.BackendKeyData, 4 + _secret.Length).Write(message);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(MessageHeader.Size), ProcessId);
        _secret.CopyTo(message, MessageHeader.Size + 4);
        return message;
    }

    public bool Equals(CancelKey? other) =>
        other is not null && ProcessId == other.ProcessId && Secret.SequenceEqual(other.Secret);

    public override bool Equals(object? obj) => Equals(obj as CancelKey);

    public override int GetHashCode() => HashCode.Combine(ProcessId, BinaryPrimitives.ReadInt32BigEndian(_secret));

    public override string ToString() => $"process {ProcessId}";
}
