using System.Buffers;
using System.Net.Sockets;

namespace Matriarch.Proxy;

/// <summary>
/// The receiving half of one direction, of a socket that does not block: bytes received and not yet passed on. While
/// there are none it holds no buffer: it waits for readiness with an empty receive and borrows one only then, so idle
/// sessions cost no memory here.
/// </summary>
internal sealed class RelayInput(Socket socket, int bufferBytes) : IDisposable
{
    /// <summary>
    /// Receives without a wait after which a busy direction leaves its thread: that thread may be the one that polls
    /// the sockets of all other sessions.
    /// </summary>
    private const int MaxInARow = 32;

    private byte[]? _buffer;
    private int _inARow;
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
    /// <exception cref="SocketException">The connection failed.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; no byte is lost.</exception>
    public async ValueTask<int> ReceiveAsync(CancellationToken cancellation)
    {
        MoveToFront();
        if (++_inARow > MaxInARow)
        {
            _inARow = 0;
            await Task.Yield();
        }

        int count;
        while (!_mayHaveMore || !TryReceive(out count))
        {
            _mayHaveMore = true;
            if (_end == 0)
            {
                Release();
            }

            // This also completes on a stale readiness event: only the receive after it tells.
            var readable = socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellation);
            _inARow = readable.IsCompleted ? _inARow : 0;
            await readable;
        }

        _mayHaveMore = _end == _buffer!.Length;
        return count;
    }

    public void Dispose() => Release();

    /// <summary>Receives what is there; false when nothing is.</summary>
    private bool TryReceive(out int count)
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(bufferBytes);
        count = socket.Receive(_buffer.AsSpan(_end), SocketFlags.None, out var error);
        switch (error)
        {
            case SocketError.Success:
                _end += count;
                return true;
            case SocketError.WouldBlock:
                return false;
            default:
                throw new SocketException((int)error);
        }
    }

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
