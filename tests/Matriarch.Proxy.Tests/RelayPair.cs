using System.Net;
using System.Net.Sockets;
using Matriarch.Wire;

namespace Matriarch.Proxy.Tests;

/// <summary>A relay between two sockets whose other ends the test holds.</summary>
internal sealed class RelayPair : IDisposable
{
    private readonly Socket _relayClient;

    private RelayPair(Socket client, Socket relayClient, Socket server, SessionRelay relay)
    {
        _relayClient = relayClient;
        Client = client;
        Server = server;
        Relay = relay;
        Running = relay.RunAsync();
    }

    /// <summary>What the client program holds.</summary>
    public Socket Client { get; }

    /// <summary>What the server process holds.</summary>
    public Socket Server { get; }

    public SessionRelay Relay { get; }

    public Task<RelayEnd> Running { get; }

    public static async Task<RelayPair> StartAsync(
        TimeSpan? grace = null, byte[]? firstServerBytes = null, Func<ServerMessage?>? admission = null)
    {
        var (client, relayClient) = await ConnectAsync();
        var (relayServer, server) = await ConnectAsync();
        var options = new RelayOptions
        {
            ServerName = "a", Time = TimeProvider.System, EndGrace = grace ?? TimeSpan.FromMilliseconds(300),
            Admission = admission,
        };
        return new RelayPair(
            client, relayClient, server, new SessionRelay(relayClient, relayServer, firstServerBytes, options));
    }

    /// <summary>The same client on another server.</summary>
    public async Task<RelayPair> ResumeAsync(ParkedSession parked)
    {
        var (relayServer, server) = await ConnectAsync();
        var options = new RelayOptions { ServerName = "b", Time = TimeProvider.System, Resumed = parked };
        return new RelayPair(
            Client, _relayClient, server, new SessionRelay(_relayClient, relayServer, default, options));
    }

    /// <summary>Reads until so many bytes are there, or the end of the stream.</summary>
    public static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var bytes = new byte[count];
        var filled = 0;
        while (filled < count)
        {
            var received = await socket.ReceiveAsync(bytes.AsMemory(filled), SocketFlags.None, deadline.Token);
            if (received == 0)
            {
                break;
            }

            filled += received;
        }

        return bytes[..filled];
    }

    /// <summary>Reads everything up to the end of the stream, be it a close or a reset.</summary>
    public static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        var all = new List<byte>();
        try
        {
            while (await ReadAsync(socket, 1) is [var one])
            {
                all.Add(one);
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // An end too.
        }

        return [.. all];
    }

    public async Task<RelayEnd> EndAsync() => await Running.WaitAsync(TimeSpan.FromSeconds(10));

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        Relay.Dispose();
    }

    private static async Task<(Socket Here, Socket There)> ConnectAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var here = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var accepting = listener.AcceptSocketAsync();
        await here.ConnectAsync(listener.LocalEndpoint);
        return (here, await accepting);
    }
}
