using System.Security.Cryptography;
using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>Ordinary clients, which must not notice that there is a gateway.</summary>
public sealed class SessionTests(Servers servers)
{
    [Fact]
    public async Task Psql_runs_statements_and_describes_tables()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        var output = await gateway.PsqlAsync(
            "CREATE TEMP TABLE herd (id int PRIMARY KEY, name text); INSERT INTO herd VALUES (1, 'Echo');\n"
            + "SELECT name FROM herd;\n\\d herd\n\\conninfo\n");
        Assert.Contains("Echo", output, StringComparison.Ordinal);
        Assert.Contains("id|integer||not null", output, StringComparison.Ordinal);
        Assert.Contains($"port \"{gateway.Port}\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_of_fifty_megabytes_comes_back_as_it_went()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        var random = new Random(17);
        var file = Path.GetTempFileName();
        var back = Path.GetTempFileName();
        try
        {
            await using (var writer = new StreamWriter(file))
            {
                var row = new byte[512];
                for (var i = 0; i < 50_000; i++)
                {
                    random.NextBytes(row);
                    await writer.WriteAsync($"{i}\t{Convert.ToHexString(row)}\n");
                }
            }

            await gateway.PsqlAsync(
                "CREATE UNLOGGED TABLE bulk (id int, line text);\n"
                + $"\\copy bulk FROM '{file}'\n\\copy bulk TO '{back}'\nDROP TABLE bulk;\n");
            Assert.True(new FileInfo(file).Length > 50_000_000);
            Assert.Equal(
                SHA256.HashData(await File.ReadAllBytesAsync(file)),
                SHA256.HashData(await File.ReadAllBytesAsync(back)));
        }
        finally
        {
            File.Delete(file);
            File.Delete(back);
        }
    }

    [Fact]
    public async Task A_row_of_twenty_megabytes_arrives_whole()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync();
        var sent = new byte[20_000_000];
        new Random(3).NextBytes(sent);
        await using var command = new NpgsqlCommand("SELECT $1::bytea, md5($1::bytea)", connection);
        command.Parameters.AddWithValue(sent);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal(sent, (byte[])reader[0]);
    }

    [Fact]
    public async Task Prepared_batched_and_failing_statements_work_as_on_the_server()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var connection = await gateway.OpenAsync();
        await using (var prepared = new NpgsqlCommand("SELECT $1::int + 1", connection))
        {
            prepared.Parameters.AddWithValue(0);
            await prepared.PrepareAsync();
            for (var i = 0; i < 50; i++)
            {
                prepared.Parameters[0].Value = i;
                Assert.Equal(i + 1, await prepared.ExecuteScalarAsync());
            }
        }

        await using (var batch = new NpgsqlBatch(connection))
        {
            for (var i = 0; i < 20; i++)
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT {i}"));
            }

            await using var reader = await batch.ExecuteReaderAsync();
            for (var i = 0; i < 20; i++)
            {
                Assert.True(await reader.ReadAsync());
                Assert.Equal(i, reader.GetInt32(0));
                Assert.Equal(i < 19, await reader.NextResultAsync());
            }
        }

        var error = await Assert.ThrowsAsync<PostgresException>(() => connection.ScalarAsync("SELECT 1/0"));
        Assert.Equal("22012", error.SqlState);
        Assert.Equal(2, await connection.ScalarAsync("SELECT 2"));
    }

    [Fact]
    public async Task Notifications_reach_an_idle_listener()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        await using var listener = await gateway.OpenAsync();
        var heard = new TaskCompletionSource<string>();
        listener.Notification += (_, e) => heard.TrySetResult(e.Payload);
        await listener.ExecuteAsync("LISTEN trumpet");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var waiting = listener.WaitAsync(deadline.Token);
        await gateway.PsqlAsync("NOTIFY trumpet, 'water';");
        await waiting;
        Assert.Equal("water", await heard.Task);
    }

    [Fact]
    public async Task A_wrong_password_is_the_servers_own_error()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        var error = await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var connection = new NpgsqlConnection(
                gateway.ConnectionString().Replace("a test's own", "wrong", StringComparison.Ordinal));
            await connection.OpenAsync();
        });
        Assert.Equal("28P01", error.SqlState);
    }

    [Fact]
    public async Task A_client_that_insists_on_encryption_is_told_that_there_is_none()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        var output = await PostgresServer.RunAsync(
            "psql", ["-X", "-d", $"host=127.0.0.1 port={gateway.Port} user=postgres sslmode=require", "-c",
                "SELECT 1"], mayFail: true);
        Assert.Contains("server does not support SSL", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_vanishes_frees_its_server_connection()
    {
        await using var gateway = await TestGateway.StartAsync(servers);
        var connection = await gateway.OpenAsync(more: "Application Name=vanishing");
        await connection.ExecuteAsync("BEGIN");
        Assert.Equal(1L, await CountAsync());
        NpgsqlConnection.ClearAllPools();
        await connection.CloseAsync();
        await Eventually.HoldsAsync(async () => await CountAsync() == 0, "the server connection was freed");
        await Eventually.HoldsAsync(() => gateway.Host.Describe().Sessions.Open == 0, "the session was forgotten");

        async Task<long> CountAsync() =>
            (long)(await servers.A.ScalarAsync(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'vanishing'"))!;
    }
}
