using System.Text;
using Matriarch.TestKit;
using Matriarch.Wire;

namespace Matriarch.Proxy.Tests;

public sealed class BigMessageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task A_request_may_come_in_pieces_of_any_size(int piece)
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync();
        var text = new string('x', 100 * piece);
        var message = Messages.Query($"SELECT length('{text}')");
        for (var at = 0; at < message.Length; at += piece)
        {
            await client.SendAsync(message[at..Math.Min(message.Length, at + piece)]);
        }

        Assert.Equal($"T D:{text.Length} C ZI", await client.AnswerAsync());
    }

    [Fact]
    public async Task Large_requests_and_answers_pass()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync();
        var text = new string('y', 20_000_000);

        var answer = await client.QueryAsync($"SELECT reverse('{text}')");

        Assert.Equal($"T D:{text} C ZI", answer);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_stops_nobody_else()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 2 });
        using var slow = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        await slow.SendAsync(Messages.Query("SELECT repeat('z', 1000) FROM generate_series(1, 100000)"));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal($"T D:{i} C ZI", await other.QueryAsync($"SELECT {i}"));
        }

        var rows = 0;
        while (await slow.ReadAsync() is var (code, _) && code != 'Z')
        {
            rows += code == 'D' ? 1 : 0;
        }

        Assert.Equal(100_000, rows);
    }

    [Fact]
    public async Task Copy_passes_both_ways()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync();
        Assert.Equal("C ZI", await client.QueryAsync("CREATE TABLE t (i int, s text)"));
        await client.SendAsync(Messages.Query("COPY t FROM STDIN"));
        Assert.Equal('G', (await client.ReadAsync())!.Value.Code);
        for (var i = 0; i < 1000; i++)
        {
            await client.SendAsync(Messages.Message(FrontendCode.CopyData, $"{i}\t{new string('c', 500)}\n"));
        }

        await client.SendAsync(Messages.Message(FrontendCode.CopyDone));
        Assert.Equal("C ZI", await client.AnswerAsync());

        await client.SendAsync(Messages.Query("COPY t TO STDOUT"));
        var bytes = 0;
        while (await client.ReadAsync() is var (code, body) && code != 'Z')
        {
            bytes += code == 'd' ? body.Length : 0;
        }

        Assert.Equal(Enumerable.Range(0, 1000).Sum(i => Encoding.ASCII.GetByteCount($"{i}") + 502), bytes);
        Assert.Equal("T D:1000 C ZI", await client.QueryAsync("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_client_that_goes_in_the_middle_of_a_copy_leaves_no_rows()
    {
        await using var server = await PoolServer.StartAsync(o => o with { PoolSize = 1 });
        using var client = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        Assert.Equal("C ZI", await client.QueryAsync("CREATE TABLE t (i int)"));
        await client.SendAsync(Messages.Query("COPY t FROM STDIN"));
        Assert.Equal('G', (await client.ReadAsync())!.Value.Code);
        await client.SendAsync(Messages.Message(FrontendCode.CopyData, "1\n"));
        client.Reset();

        Assert.Equal("T D:0 C ZI", await other.QueryAsync("SELECT count(*) FROM t"));
        await Eventually.HoldsAsync("it has left", async () => (await server.LookAsync()).Clients == 1);
    }
}
