using Matriarch.TestKit;
using Npgsql;
using NpgsqlTypes;

namespace Matriarch.Compatibility;

internal sealed partial class NpgsqlCases
{
    private async Task SimpleAndExtendedAsync(NpgsqlConnection c)
    {
        await using (var command = new NpgsqlCommand("SELECT 1; SELECT 'two', NULL; CREATE TABLE s (i int)", c))
        {
            await SayRowsAsync(command);
        }

        await using (var command = new NpgsqlCommand("INSERT INTO s VALUES ($1), ($2) RETURNING i", c))
        {
            command.Parameters.Add(new() { Value = 1 });
            command.Parameters.Add(new() { Value = 2 });
            await SayRowsAsync(command);
        }

        Say(await OneAsync(c, "SELECT count(*) FROM s"), await OneAsync(c, ";"), c.PostgreSqlVersion.Major);
    }

    private async Task TypesAsync(NpgsqlConnection c)
    {
        await using var command = new NpgsqlCommand(
            "SELECT 1::int2, 2, 3::int8, 1.5::float4, 2.5::float8, 1.10::numeric, true, 'x'::text, 'y'::char(3), "
            + "'\\x00ff'::bytea, '2024-02-29'::date, '12:00'::time, '{\"a\":1}'::jsonb, ARRAY[1,2], "
            + "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '10.0.0.1'::inet, '(1,2)'::point, int4range(1,5), "
            + "'1 day'::interval, B'101', ROW(1,'x'), $1, $2, $3, $4", c);
        command.Parameters.Add(new() { Value = DateTime.UnixEpoch });
        command.Parameters.Add(new() { Value = new[] { "a", null } });
        command.Parameters.Add(new() { Value = "{}", NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await SayRowsAsync(command);
    }

    private async Task PreparedAsync(NpgsqlConnection c)
    {
        await ExecuteAsync(c, "CREATE TABLE p (i int, t text); INSERT INTO p SELECT i, 'r' || i "
            + "FROM generate_series(1, 9) i");
        await using var command = new NpgsqlCommand("SELECT * FROM p WHERE i = $1", c);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = 1 });
        await command.PrepareAsync();
        for (var i = 1; i <= 3; i++)
        {
            ((NpgsqlParameter<int>)command.Parameters[0]).TypedValue = i;
            await SayRowsAsync(command);
        }

        Say(await OneAsync(c, "SELECT string_agg(statement, ';') FROM pg_prepared_statements"));
        await ExecuteAsync(c, "ALTER TABLE p ADD COLUMN more int");
        await AttemptAsync(() => SayRowsAsync(command));
        await command.UnprepareAsync();
        await AttemptAsync(() => SayRowsAsync(command));
        await command.PrepareAsync();
        await ExecuteAsync(c, "DROP TABLE p");
        await AttemptAsync(() => SayRowsAsync(command));
        await using var broken = new NpgsqlCommand("SELECT nothing", c);
        await AttemptAsync(() => broken.PrepareAsync());
        Say(await OneAsync(c, "SELECT 'after'"));
    }

    private async Task AutomaticPreparationAsync(NpgsqlConnection c)
    {
        await using var automatic = await OpenAsync("Max Auto Prepare=10;Auto Prepare Min Usages=2");
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 25; i++)
            {
                await OneAsync(automatic, $"SELECT {i} + $1", round);
            }

            for (var i = 0; i < 8; i++)
            {
                await OneAsync(automatic, $"SELECT -{i} + $1", round);
                await OneAsync(automatic, $"SELECT -{i} + $1", round);
            }
        }

        Say(await OneAsync(automatic, "SELECT count(*) FROM pg_prepared_statements"));
        await ExecuteAsync(automatic, "DEALLOCATE ALL");
        await AttemptAsync(async () => Say(await OneAsync(automatic, "SELECT -7 + $1", 1)));
        Say(await OneAsync(c, "SELECT 'the other connection'"));
    }

    private async Task BatchAsync(NpgsqlConnection c)
    {
        await ExecuteAsync(c, "CREATE TABLE b (i int PRIMARY KEY)");
        await using (var batch = new NpgsqlBatch(c))
        {
            for (var i = 0; i < 300; i++)
            {
                batch.BatchCommands.Add(new("INSERT INTO b VALUES ($1)") { Parameters = { new() { Value = i } } });
            }

            Say(await batch.ExecuteNonQueryAsync());
        }

        foreach (var barriers in new[] { false, true })
        {
            await using var batch = new NpgsqlBatch(c) { EnableErrorBarriers = barriers };
            foreach (var sql in new[] { "INSERT INTO b VALUES (1000)", "INSERT INTO b VALUES (1)", "SELECT nothing",
                "INSERT INTO b VALUES (1001)" })
            {
                batch.BatchCommands.Add(new(sql));
            }

            await AttemptAsync(() => batch.ExecuteNonQueryAsync());
            Say(await OneAsync(c, "SELECT count(*) FROM b"));
        }
    }

    private async Task CopyAsync(NpgsqlConnection c)
    {
        await ExecuteAsync(c, "CREATE TABLE cp (i int, t text)");
        await using (var writer = await c.BeginBinaryImportAsync("COPY cp FROM STDIN (FORMAT binary)"))
        {
            for (var i = 0; i < 20_000; i++)
            {
                await writer.StartRowAsync();
                await writer.WriteAsync(i);
                await writer.WriteAsync($"row {i}");
            }

            Say(await writer.CompleteAsync());
        }

        await using (var abandoned = await c.BeginBinaryImportAsync("COPY cp FROM STDIN (FORMAT binary)"))
        {
            await abandoned.WriteRowAsync(CancellationToken.None, 1, "x");
        }

        using (var reader = await c.BeginTextExportAsync("COPY (SELECT * FROM cp ORDER BY i) TO STDOUT"))
        {
            Say((await reader.ReadToEndAsync()).Length);
        }

        await using (var reader = await c.BeginBinaryExportAsync("COPY cp TO STDOUT (FORMAT binary)"))
        {
            await reader.StartRowAsync();
            Say(await reader.ReadAsync<int>(), await reader.ReadAsync<string>());
        } // the rest is not read: a cancel

        Say(await OneAsync(c, "SELECT count(*) FROM cp"));
        await AttemptAsync(async () =>
        {
            await using var writer = await c.BeginTextImportAsync("COPY cp FROM STDIN");
            await writer.WriteAsync("1\tx\nwrong\ty\n");
        });
        Say(await OneAsync(c, "SELECT count(*) FROM cp"));
    }

    private async Task LargeAsync(NpgsqlConnection c)
    {
        Say(((string)(await OneAsync(c, "SELECT repeat('x', 30000000)"))!).Length);
        Say(await OneAsync(c, "SELECT length($1)", new string('y', 10_000_000)));
        Say(await OneAsync(c, "SELECT sum(x) FROM unnest($1) x", Enumerable.Range(0, 200_000).ToArray()));
        await using var command = new NpgsqlCommand("SELECT i, md5(i::text) FROM generate_series(1, 100000) i", c);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync())
        {
            rows++;
        }

        Say(rows);
    }

    private async Task SequentialAsync(NpgsqlConnection c)
    {
        await using var command = new NpgsqlCommand(
            "SELECT i, repeat('x', 1000000) FROM generate_series(1, 20) i; SELECT 1 / (2 - i) FROM "
            + "generate_series(1, 3) i", c);
        await AttemptAsync(async () =>
        {
            await using var reader = await command.ExecuteReaderAsync(
                System.Data.CommandBehavior.SequentialAccess);
            await reader.ReadAsync();
            Say(reader.GetInt32(0));
            await using (var stream = await reader.GetStreamAsync(1))
            {
                Say(stream.ReadByte());
            }

            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                Say(reader.GetInt32(0));
            }
        });
        Say(await OneAsync(c, "SELECT 'after'"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TestTime.Real);
        await using var first = new NpgsqlCommand("SELECT generate_series(1, 100000)", c);
        await using (var reader = await first.ExecuteReaderAsync(
            System.Data.CommandBehavior.SingleRow, limit.Token))
        {
            Say(await reader.ReadAsync(limit.Token));
        }

        Say(await OneAsync(c, "SELECT 'after a single row'"));
    }
}
