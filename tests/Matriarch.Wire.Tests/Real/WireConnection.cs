using System.Net.Sockets;

namespace Matriarch.Wire.Tests;

/// <summary>Messages over a stream, for tests with real servers and clients.</summary>
internal sealed class WireConnection(Stream stream) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public Stream Stream { get; private set; } = stream;

    public static async Task<WireConnection> ToAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        return new WireConnection(client.GetStream());
    }

    /// <summary>Goes on inside of TLS.</summary>
    public void Upgrade(Stream encrypted) => Stream = encrypted;

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => Stream.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    /// <summary>So many bytes, or the other side has closed.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await Stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
        return bytes;
    }

    public async Task<(byte Code, byte[] Body)> ReadMessageAsync()
    {
        Assert.Equal(HeaderRead.Ok, MessageHeader.TryRead(await ReadAsync(MessageHeader.Size), out var header));
        return (header.Code, await ReadAsync(header.BodyLength));
    }

    /// <summary>A packet of the kind that comes before a session.</summary>
    public async Task<StartupPacket> ReadStartupAsync()
    {
        var first = await ReadAsync(4);
        return StartupPacket.Parse([.. first, .. await ReadAsync(StartupPacket.TryReadLength(first)!.Value - 4)]);
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
