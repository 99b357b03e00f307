using System.Net.Sockets;
using Matriarch.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Proxy.Tests;

public sealed class ReactorTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task What_is_posted_runs_in_order_on_its_thread()
    {
        using var server = new EchoServer(NullLogger<Reactor>.Instance);
        var seen = new List<(int, bool)>();
        for (var i = 0; i < 1000; i++)
        {
            var number = i;
            server.Reactor.Post(() => seen.Add((number, server.Reactor.IsCurrent)));
        }

        var all = await server.RunAsync(() => seen.ToArray());

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (i, true)), all);
    }

    [Fact]
    public async Task What_awaits_on_it_goes_on_there()
    {
        using var server = new EchoServer(NullLogger<Reactor>.Instance);
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Reactor.Post(() => _ = HopAsync());

        Assert.True(await done.Task.WaitAsync(Soon));

        async Task HopAsync()
        {
            await Task.Run(() => { });
            var once = server.Reactor.IsCurrent;
            await Task.Delay(TimeSpan.FromMilliseconds(1), TestTime.Real);
            done.SetResult(once && server.Reactor.IsCurrent);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(Reactor.BufferBytes)]
    [InlineData(10_000_000)]
    public async Task Every_byte_comes_back_in_order(int bytes)
    {
        using var server = new EchoServer(NullLogger<Reactor>.Instance);
        using var client = await server.ConnectAsync();

        await EchoesAsync(client, bytes, seed: bytes);
    }

    [Fact]
    public async Task One_that_leaves_readable_bytes_for_its_next_turn_gets_it_without_a_new_edge()
    {
        using var server = new EchoServer(NullLogger<Reactor>.Instance, r => new Echo(r, oneBufferATurn: true));
        using var client = await server.ConnectAsync();

        await EchoesAsync(client, 5_000_000, seed: 5);
    }

    [Fact]
    public async Task A_client_that_reads_nothing_stops_only_its_own_bytes()
    {
        using var server = new EchoServer(NullLogger<Reactor>.Instance);
        using var deaf = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        var flood = FloodAsync(deaf);
        await EchoesAsync(other, 1_000_000, seed: 1);

        // What the kernel's buffers hold at most, and the one of the echo.
        var echoed = await server.RunAsync(() => server.Accepted.OfType<Echo>().Min(e => e.Echoed));
        Assert.False(flood.IsCompleted);
        Assert.True(echoed < 64 * 1024 * 1024, $"{echoed} bytes were sent to who reads none");
    }

    [Fact]
    public async Task The_end_is_seen_although_it_came_with_the_last_bytes()
    {
        using var server = new EchoServer(NullLogger<Reactor>.Instance);
        for (var i = 0; i < 50; i++)
        {
            using var client = await server.ConnectAsync();
            await client.SendAsync(new byte[100]);
            client.Shutdown(SocketShutdown.Send);
            var count = 0;
            while (await client.ReceiveAsync(new byte[4096]).WaitAsync(Soon) is > 0 and var more)
            {
                count += more;
            }

            Assert.Equal(100, count);
        }

        await Eventually.HoldsAsync("the reactor has let all go", () => server.Reactor.Sockets == 1);
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_lost_and_closed()
    {
        using var server = new EchoServer(NullLogger<Reactor>.Instance);
        for (var i = 0; i < 50; i++)
        {
            var client = await server.ConnectAsync();
            await client.SendAsync(new byte[10]);
            client.LingerState = new LingerOption(true, 0);
            client.Dispose();
        }

        await Eventually.HoldsAsync("the reactor has let all go", () => server.Reactor.Sockets == 1);
    }

    [Fact]
    public async Task A_handler_that_fails_closes_its_own_connection_and_no_other()
    {
        var isFirst = true;
        using var server = new EchoServer(NullLogger<Reactor>.Instance, r =>
        {
            ReactorSocket made = isFirst ? new Failing(r) : new Echo(r);
            isFirst = false;
            return made;
        });
        using var failing = await server.ConnectAsync();
        Assert.Equal(0, await ReceiveOrLostAsync(failing));
        using var client = await server.ConnectAsync();

        await EchoesAsync(client, 100_000, seed: 2);
    }

    [Fact]
    public async Task A_timer_wakes_a_reactor_that_has_nothing_to_do()
    {
        using var server = new EchoServer(NullLogger<Reactor>.Instance);
        var came = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = new ReactorTimer(() => came.SetResult(server.Reactor.IsCurrent));
        server.Reactor.Post(() => server.Reactor.Set(timer, TimeSpan.FromMilliseconds(30)));

        Assert.True(await came.Task.WaitAsync(Soon));
    }

    [Fact]
    public async Task A_connection_to_nobody_is_lost_with_its_error()
    {
        using var server = new EchoServer(NullLogger<Reactor>.Instance);
        var done = new TaskCompletionSource<SocketError>(TaskCreationOptions.RunContinuationsAsynchronously);
        var nobody = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, FreePorts.Take());
        server.Reactor.Post(() => new Connecting(server.Reactor, done).Attach(SocketCalls.Connect(nobody)));

        Assert.Equal(SocketError.ConnectionRefused, await done.Task.WaitAsync(Soon));
    }

    private static async Task EchoesAsync(Socket client, int bytes, int seed)
    {
        var sent = new byte[bytes];
        new Random(seed).NextBytes(sent);
        var sending = Task.Run(async () =>
        {
            for (var at = 0; at < bytes;)
            {
                at += await client.SendAsync(sent.AsMemory(at));
            }
        });
        var received = new byte[bytes];
        for (var at = 0; at < bytes;)
        {
            var count = await client.ReceiveAsync(received.AsMemory(at)).AsTask().WaitAsync(Soon);
            Assert.True(count > 0, $"the connection ended after {at} of {bytes} bytes");
            at += count;
        }

        await sending;
        Assert.Equal(sent, received);
    }

    private static async Task FloodAsync(Socket client)
    {
        var bytes = new byte[1024 * 1024];
        try
        {
            while (true)
            {
                await client.SendAsync(bytes);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task<int> ReceiveOrLostAsync(Socket client)
    {
        try
        {
            return await client.ReceiveAsync(new byte[1]).WaitAsync(Soon);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private sealed class Failing(Reactor reactor) : ReactorSocket(reactor)
    {
        protected override void OnReady() => throw new InvalidOperationException("a bug of the test's own");
    }

    private sealed class Connecting(Reactor reactor, TaskCompletionSource<SocketError> done) : ReactorSocket(reactor)
    {
        protected override void OnReady()
        {
            done.TrySetResult(TakeError());
            Close();
        }
    }
}
