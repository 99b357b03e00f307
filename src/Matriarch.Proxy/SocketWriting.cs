using System.Net.Sockets;

namespace Matriarch.Proxy;

/// <summary>Sending to a stream socket until all is taken: the wait is the back-pressure.</summary>
public static class SocketWriting
{
    /// <exception cref="SocketException">The other side is gone.</exception>
    public static ValueTask SendAllAsync(
        this Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        if (bytes.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }

        var sending = socket.SendAsync(bytes, SocketFlags.None, cancellation);
        if (!sending.IsCompletedSuccessfully)
        {
            return RestAsync(socket, sending, bytes, cancellation);
        }

        var sent = sending.Result;
        return sent == bytes.Length
            ? ValueTask.CompletedTask
            : RestAsync(socket, ValueTask.FromResult(sent), bytes, cancellation);
    }

    /// <summary>Tells the other side that no more will come. Never throws.</summary>
    public static void EndSending(this Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    private static async ValueTask RestAsync(
        Socket socket, ValueTask<int> sending, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        bytes = bytes[await sending..];
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellation)..];
        }
    }
}
