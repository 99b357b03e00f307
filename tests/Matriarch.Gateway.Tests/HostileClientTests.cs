using System.Buffers.Binary;
using System.Text;
using Matriarch.Wire;
using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>Clients that do not keep to the protocol: each gets a clear end, and nobody else notices.</summary>
public sealed class HostileClientTests(Servers servers)
{
    [Fact]
    public async Task An_http_request_and_oversize_startup_packets_are_refused()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var other = await gateway.OpenAsync();
        var huge = new byte[100_000];
        BinaryPrimitives.WriteInt32BigEndian(huge, huge.Length);
        byte[][] packets =
        [
            Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3], huge,
            [0, 0, 0, 0, 0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 9, 0, 3, 0, 0, 65],
        ];
        foreach (var packet in packets)
        {
            using var client = await gateway.ConnectRawAsync();
            await client.SendAsync(packet);
            Assert.Equal("08P01", (await client.ReadFarewellAsync()).SqlState);
        }

        Assert.Equal(1, await other.ScalarAsync("SELECT 1"));
    }

    [Fact]
    public async Task Old_protocols_are_refused_and_a_newer_minor_version_is_negotiated_by_the_server()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        using (var client = await gateway.ConnectRawAsync())
        {
            await client.SendAsync(new byte[] { 0, 0, 0, 8, 0, 2, 0, 0 });
            Assert.Equal("0A000", (await client.ReadFarewellAsync()).SqlState);
        }

        using (var client = await gateway.ConnectRawAsync())
        {
            await client.SendAsync(StartupMessage.Create(ProtocolVersion.Version32, ("user", "postgres")).Encode());
            var (code, body) = Assert.NotNull(await client.ReadMessageAsync());
            Assert.Equal(BackendCode.NegotiateProtocolVersion, code);
            Assert.Equal(ProtocolVersion.Version30, NegotiateProtocolVersion.TryParse(body)?.Newest);
        }
    }

    [Fact]
    public async Task Random_bytes_never_hurt_others()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var other = await gateway.OpenAsync();
        var random = new Random(5);
        for (var i = 0; i < 50; i++)
        {
            using var client = await gateway.ConnectRawAsync();
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                await client.SendAsync(Startup.Packet());
            }

            await client.SendAsync(bytes);
        }

        Assert.Equal(1, await other.ScalarAsync("SELECT 1"));
        await Eventually.HoldsAsync(
            () => gateway.Host.Describe().Sessions.Clients == 1, "only the good client was left");
    }

    [Fact]
    public async Task An_impossible_message_length_ends_the_session()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        using var client = await gateway.ConnectRawAsync();
        await client.SendAsync(Startup.Packet());
        var (code, _) = Assert.NotNull(await client.ReadMessageAsync());
        Assert.Equal(BackendCode.Authentication, code);
        await client.SendAsync("Q\u007f\u007f\u007f\u007f"u8.ToArray());
        var error = await client.ReadFarewellAsync();
        Assert.Equal(("FATAL", "08P01"), (error.Severity, error.SqlState));
    }

    [Fact]
    public async Task A_client_that_sends_its_startup_packet_too_slowly_is_refused()
    {
        await using var gateway =
            await TestGateway.StartAsync(servers, o => o.StartupTimeout = TimeSpan.FromMilliseconds(150));
        using var client = await gateway.ConnectRawAsync();
        await client.SendAsync(Startup.Packet().AsMemory(0, 6));
        var error = await client.ReadFarewellAsync();
        Assert.Equal("no startup packet came in time", error.Message);
    }

    [Fact]
    public async Task Clients_beyond_the_limit_are_refused_until_one_leaves()
    {
        await using var gateway = await TestGateway.StartAsync(servers, o => (o.MaxClients, o.MaxHeldClients) = (2, 2));
        await using var first = await gateway.OpenAsync();
        var second = await gateway.OpenAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(() => gateway.OpenAsync());
        Assert.Equal("53300", error.SqlState);
        await second.DisposeAsync();
        await Eventually.HoldsAsync(() => gateway.Host.Describe().Sessions.Clients == 1, "the place was given back");
        await using var third = await gateway.OpenAsync();
    }

    [Fact]
    public async Task A_cancel_request_for_nobody_is_ignored()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        using var client = await gateway.ConnectRawAsync();
        await client.SendAsync(StartupRequests.Cancel(CancelKey.Create(1, [1, 2, 3, 4])));
        Assert.Null(await client.ReadMessageAsync());
    }
}
