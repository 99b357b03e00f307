using System.Net;
using System.Net.Sockets;
using Matriarch.Wire;

namespace Matriarch.Gateway.Tests;

/// <summary>
/// A node as it comes up: closes the first connection, says "starting up" to the second, and hands the third and all
/// later ones to a real server.
/// </summary>
internal sealed class StartingNode : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public StartingNode(int serverPort)
    {
        _listener.Start();
        _accepting = AcceptAsync(serverPort);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Attempts { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(int serverPort)
    {
        var copies = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Attempts++;
                if (Attempts <= 2)
                {
                    var scratch = new byte[1024];
                    await client.Client.ReceiveAsync(scratch);
                    if (Attempts == 2)
                    {
                        await client.Client.SendAsync(
                            ServerMessage.Fatal("57P03", "the database system is starting up").ToErrorResponse());
                    }

                    client.Dispose();
                    continue;
                }

                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, serverPort, _stop.Token);
                copies.Add(CopyAsync(client, server));
                copies.Add(CopyAsync(server, client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(copies);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), _stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The test is over, or one side has ended.
        }
        finally
        {
            to.Dispose();
        }
    }
}
