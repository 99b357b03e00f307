using System.Buffers;
using System.Net.Sockets;

namespace Matriarch.Proxy;

/// <summary>
/// The receiving half of one direction: bytes received and not yet passed on. While there are none it holds no buffer:
/// it waits for readiness with an empty receive and borrows one only then, so idle sessions cost no memory here.
/// </summary>
internal sealed class RelayInput(Socket socket, int bufferBytes) : IDisposable
{
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private bool _mayHaveMore;

    /// <summary>Received, not consumed. Valid until the next receive.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Puts bytes in front that were received before.</summary>
    public void Preload(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(bufferBytes, bytes.Length));
            bytes.CopyTo(_buffer);
            _end = bytes.Length;
        }
    }

    /// <summary>Marks the first bytes as done.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Receives at least one byte behind those that are left; 0 at the end of the stream.</summary>
    public async ValueTask<int> ReceiveAsync(CancellationToken cancellation)
    {
        MoveToFront();
        if (_end == 0 && !_mayHaveMore)
        {
            Release();
            await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellation);
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(bufferBytes);
        var count = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancellation);
        _end += count;
        _mayHaveMore = _end == _buffer.Length;
        return count;
    }

    public void Dispose() => Release();

    private void MoveToFront()
    {
        var left = _end - _start;
        if (_start > 0 && left > 0)
        {
            _buffer.AsSpan(_start, left).CopyTo(_buffer);
        }

        (_start, _end) = (0, left);
    }

    private void Release()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
