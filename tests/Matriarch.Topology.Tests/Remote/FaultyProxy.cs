using System.Net;
using System.Net.Sockets;
using System.Text;
using Matriarch.TestKit;

namespace Matriarch.Topology.Tests;

/// <summary>
/// A TCP relay on the way to a store's server that can be told to misbehave, also on open connections.
/// </summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _relays = [];
    private TcpListener? _listener;
    private volatile FaultyProxyMode _mode;

    public FaultyProxy(int target)
    {
        _target = target;
        Listen();
    }

    public int Port { get; } = FreePorts.Take();

    public FaultyProxyMode Mode
    {
        get => _mode;
        set
        {
            var before = _mode;
            _mode = value;
            if (value == FaultyProxyMode.Refuse)
            {
                _listener?.Stop();
                _listener = null;
                CloseConnections();
            }
            else if (before == FaultyProxyMode.Refuse)
            {
                Listen();
            }
        }
    }

    /// <summary>From the request that has this text on, the mode is the other one.</summary>
    public (string Text, FaultyProxyMode Mode)? Trap { get; set; }

    public void CloseConnections()
    {
        lock (_lock)
        {
            _sockets.ForEach(s => s.Dispose());
            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Mode = FaultyProxyMode.Refuse;
        await _stop.CancelAsync();
        List<Task> relays;
        lock (_lock)
        {
            relays = [.. _relays];
        }

        await Task.WhenAll(relays);
        _stop.Dispose();
    }

    private void Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _listener = listener;
        Track(AcceptAsync(listener));
    }

    private void Track(Task task)
    {
        lock (_lock)
        {
            _relays.Add(task);
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(_stop.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                lock (_lock)
                {
                    _sockets.AddRange([client, server]);
                }

                Track(RelayAsync(client, server));
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or InvalidOperationException)
        {
            // It was told to stop; a listener that is no longer one says so by InvalidOperationException.
        }
    }

    private async Task RelayAsync(Socket client, Socket server)
    {
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            await Task.WhenAny(PumpAsync(client, server, isReply: false), PumpAsync(server, client, isReply: true));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is down.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isReply)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                if (!isReply && Trap is var (text, trapped)
                    && buffer.AsSpan(0, count).IndexOf(Encoding.ASCII.GetBytes(text)) >= 0)
                {
                    _mode = trapped;
                }

                var mode = _mode;
                if (isReply && mode == FaultyProxyMode.CloseOnReply)
                {
                    return;
                }

                if (mode == FaultyProxyMode.Silent || (isReply && mode == FaultyProxyMode.SwallowReplies))
                {
                    continue;
                }

                await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has gone; the other is closed after it.
        }
    }
}
