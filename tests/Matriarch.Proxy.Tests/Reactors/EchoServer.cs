using System.Net;
using System.Net.Sockets;
using Matriarch.TestKit;
using Microsoft.Extensions.Logging;

namespace Matriarch.Proxy.Tests;

/// <summary>A reactor that accepts on the loopback and echoes; clients of it are the framework's.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly int _listening = SocketCalls.Listen(new IPEndPoint(IPAddress.Loopback, 0), 128);
    private readonly Acceptor _acceptor;

    public EchoServer(ILogger<Reactor> logger, Func<Reactor, ReactorSocket>? make = null)
    {
        Address = SocketCalls.LocalAddress(_listening, AddressFamily.InterNetwork);
        Reactor = new Reactor("echo", TestTime.Real, logger);
        _acceptor = new Acceptor(Reactor, _listening, make ?? (r => new Echo(r)), Accepted);
        Reactor.Start();
        Reactor.Post(() => _acceptor.Attach(_listening));
    }

    public Reactor Reactor { get; }

    public IPEndPoint Address { get; }

    public List<ReactorSocket> Accepted { get; } = [];

    public async Task<Socket> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(Address);
        return client;
    }

    /// <summary>Runs something on the reactor, and waits for it.</summary>
    public async Task<T> RunAsync<T>(Func<T> call)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Reactor.Post(() => done.SetResult(call()));
        return await done.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public void Dispose()
    {
        RunAsync(() =>
        {
            _acceptor.Close();
            Accepted.ForEach(s => s.Close());
            return true;
        }).Wait();
        Reactor.Dispose();
    }

    private sealed class Acceptor(
        Reactor reactor, int listening, Func<Reactor, ReactorSocket> make, List<ReactorSocket> accepted)
        : ReactorSocket(reactor)
    {
        protected override void OnReady()
        {
            while (SocketCalls.Accept(listening, out _) is { } descriptor)
            {
                SocketCalls.Prepare(descriptor);
                var socket = make(Reactor);
                accepted.Add(socket);
                socket.Attach(descriptor);
            }
        }
    }
}
