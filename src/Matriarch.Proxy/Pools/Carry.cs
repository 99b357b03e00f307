using System.Buffers;

namespace Matriarch.Proxy;

/// <summary>
/// Bytes that have come and cannot go on yet: part of a message, what the other side does not take, what waits for a
/// server connection. At most one buffer of the reactor; holds memory only while there are some.
/// </summary>
internal struct Carry
{
    private byte[]? _bytes;
    private int _from;
    private int _to;

    /// <summary>Whether there are none.</summary>
    public readonly bool IsEmpty => _from == _to;

    /// <summary>How many.</summary>
    public readonly int Length => _to - _from;

    /// <summary>They themselves, until the next call.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_from, _to - _from);

    /// <summary>Holds these in place of any.</summary>
    public void Set(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            Clear();
            return;
        }

        if (_bytes is null || _bytes.Length < bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(bytes.Length);
            bytes.CopyTo(larger); // before the old one goes: they may be a part of it
            Clear();
            _bytes = larger;
        }
        else
        {
            bytes.CopyTo(_bytes);
        }

        (_from, _to) = (0, bytes.Length);
    }

    /// <summary>Holds these behind those that it has.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (IsEmpty)
        {
            Set(bytes);
            return;
        }

        if (_bytes!.Length - _to < bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Length + bytes.Length);
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            (_bytes, _from, _to) = (larger, 0, Length);
        }

        bytes.CopyTo(_bytes.AsSpan(_to));
        _to += bytes.Length;
    }

    /// <summary>The first ones are done.</summary>
    public void Consume(int count)
    {
        _from += count;
        if (_from == _to)
        {
            Clear();
        }
    }

    /// <summary>Moves them to the front of a buffer, and holds none.</summary>
    /// <returns>How many.</returns>
    public int MoveTo(Span<byte> buffer)
    {
        var count = Length;
        Bytes.CopyTo(buffer);
        Clear();
        return count;
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        if (_bytes is { } bytes)
        {
            _bytes = null;
            ArrayPool<byte>.Shared.Return(bytes);
        }

        _from = _to = 0;
    }
}
