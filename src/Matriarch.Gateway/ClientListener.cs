using System.Net;
using System.Net.Sockets;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>
/// Accepts clients, and serves each in a task of its own. Connections that have not sent a startup packet are bounded
/// too: beyond the bound they are closed at once, so that they cannot eat up the descriptors.
/// </summary>
internal sealed partial class ClientListener : IDisposable
{
    private const int Backlog = 512;

    /// <summary>Connections beyond the clients that are served: those still starting, being refused, or
    /// cancelling.</summary>
    private const int ExtraConnections = 512;

    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly GatewaySetup _setup;
    private readonly ClientServing _serving;
    private readonly ILogger<ClientListener> _logger;
    private readonly Places _connections;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _allServed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _began;
    private int _running = 1; // the accept loop counts as one until it has ended
    private Task _accepting = Task.CompletedTask;

    /// <exception cref="UserException">The address is in use, or is none of this machine.</exception>
    public ClientListener(IPEndPoint listen, GatewaySetup setup, ClientServing serving, ILogger<ClientListener> logger)
    {
        _setup = setup;
        _serving = serving;
        _logger = logger;
        _connections = new Places(setup.Options.MaxClients + ExtraConnections);
        _began = setup.Time.GetTimestamp();
        _socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // The runtime sets SO_REUSEADDR itself when it binds TCP sockets on Unix: a restart need not wait for
            // TIME_WAIT.
            _socket.Bind(listen);
            _socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            throw AddressError.For("gateway.listen", setup.Options.Listen, e);
        }

        Endpoint = (IPEndPoint)_socket.LocalEndPoint!;
    }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Since it was made.</summary>
    public TimeSpan Uptime => _setup.Time.GetElapsedTime(_began);

    /// <summary>Begins to accept.</summary>
    public void Start()
    {
        LogListening(Endpoint);
        _accepting = AcceptAsync();
    }

    /// <summary>Accepts no more; completes when every client has ended, which others must bring about.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
        Done();
        await _allServed.Task;
        LogStopped(Endpoint);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _socket.AcceptAsync(_stopping.Token);
                if (_connections.TryTake())
                {
                    Interlocked.Increment(ref _running);
                    _ = Task.Run(() => ServeAsync(client));
                }
                else
                {
                    LogTooMany(_connections.Limit);
                    client.Dispose();
                }
            }
            catch (Exception e) when (_stopping.IsCancellationRequested
                && e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
            catch (SocketException e)
            {
                // No descriptors, no memory, or a client that was gone before it was accepted: none of it lasts.
                LogAcceptFailed(e.Message);
                await Task.Delay(RetryAfterFailure, _setup.Time, CancellationToken.None);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await _serving.ServeAsync(client, _stopping.Token);
        }
        catch (Exception e)
        {
            LogServingFailed(e); // a bug: it ends this client, and no other
        }
        finally
        {
            client.Dispose();
            _connections.GiveBack();
            Done();
        }
    }

    private void Done()
    {
        if (Interlocked.Decrement(ref _running) == 0)
        {
            _allServed.TrySetResult();
        }
    }
}
