using System.Net.Sockets;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>Reads whole messages of a server one by one; no message above <see cref="MaxMessage"/> is taken.</summary>
/// <param name="receive">Gives the number of bytes received; 0 or less at the end.</param>
/// <param name="received">What has come already.</param>
internal sealed class MessageReader(
    Func<Memory<byte>, CancellationToken, ValueTask<int>> receive, ReadOnlyMemory<byte> received)
{
    /// <summary>Longest message, header included, in bytes.</summary>
    public const int MaxMessage = 8 * 1024 * 1024;

    private byte[] _buffer = received.Length == 0 ? new byte[8192] : Grown(received);
    private int _start;
    private int _end = received.Length;

    /// <summary>Reads from a socket of the framework.</summary>
    public MessageReader(Socket server, ReadOnlyMemory<byte> received)
        : this((to, cancellation) => server.ReceiveAsync(to, SocketFlags.None, cancellation), received)
    {
    }

    /// <summary>What has been received and not read.</summary>
    public ReadOnlyMemory<byte> Rest => _buffer.AsMemory(_start, _end - _start);

    /// <summary>The next message; valid until the next call. Null when the server closed the connection.</summary>
    /// <exception cref="SocketException">The connection failed, or what came is not the protocol.</exception>
    public async ValueTask<(byte Code, ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Whole)?> ReadAsync(
        CancellationToken cancellation)
    {
        while (true)
        {
            switch (MessageHeader.TryRead(_buffer.AsSpan(_start, _end - _start), out var header))
            {
                case HeaderRead.Invalid:
                case HeaderRead.Ok when header.TotalLength > MaxMessage:
                    throw new SocketException((int)SocketError.ProtocolNotSupported);
                case HeaderRead.Ok when _end - _start >= header.TotalLength:
                    var whole = _buffer.AsMemory(_start, header.TotalLength);
                    _start += header.TotalLength;
                    return (header.Code, whole[MessageHeader.Size..], whole);
            }

            MakeRoom();
            var count = await receive(_buffer.AsMemory(_end), cancellation);
            if (count <= 0)
            {
                return null;
            }

            _end += count;
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private static byte[] Grown(ReadOnlyMemory<byte> received)
    {
        var buffer = new byte[Math.Max(8192, received.Length)];
        received.CopyTo(buffer);
        return buffer;
    }
}
