using System.Data;
using Matriarch.TestKit;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;

namespace Matriarch.Compatibility;

internal sealed partial class NpgsqlCases
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private async Task CancelAsync(NpgsqlConnection c)
    {
        using (var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300), TestTime.Real))
        {
            await using var command = new NpgsqlCommand("SELECT pg_sleep(30)", c);
            await AttemptAsync(() => command.ExecuteNonQueryAsync(stop.Token));
        }

        Say(await OneAsync(c, "SELECT 'after'"), c.FullState);
        await using var timed = new NpgsqlCommand("SELECT pg_sleep(30)", c) { CommandTimeout = 1 };
        await AttemptAsync(() => timed.ExecuteNonQueryAsync());
        Say(await OneAsync(c, "SELECT 'after a timeout'"));
        await ExecuteAsync(c, "SET statement_timeout = '100ms'");
        timed.CommandTimeout = 20;
        await AttemptAsync(() => timed.ExecuteNonQueryAsync());
        Say(await OneAsync(c, "SELECT 'after the server''s timeout'"));
    }

    private async Task ListenAsync(NpgsqlConnection c)
    {
        var heard = new List<string>();
        c.Notification += (_, n) => heard.Add($"{n.Channel} {n.Payload} {n.PID == c.ProcessID}");
        await ExecuteAsync(c, "LISTEN chan");
        await using (var other = await OpenAsync())
        {
            await ExecuteAsync(other, "NOTIFY chan, 'one'");
            await ExecuteAsync(other, "SELECT pg_notify('chan', 'two')");
        }

        await ExecuteAsync(c, "NOTIFY chan, 'own'");
        using var limit = new CancellationTokenSource(Patience, TestTime.Real);
        while (heard.Count < 3)
        {
            await c.WaitAsync(limit.Token);
        }

        Say([.. heard]);
        Say(await c.WaitAsync(50));
    }

    private async Task ErrorsAsync(NpgsqlConnection c)
    {
        await ExecuteAsync(c, "CREATE TABLE e (i int CONSTRAINT positive CHECK (i > 0), u int UNIQUE)");
        foreach (var sql in new[] { "SELEC 1", "SELECT nothing", "SELECT 1; SELECT 1/0; SELECT 2",
            "INSERT INTO e VALUES (-1)", "INSERT INTO e VALUES (1, 1), (1, 1)", "SELECT * FROM nowhere" })
        {
            await AttemptAsync(async () =>
            {
                await using var command = new NpgsqlCommand(sql, c);
                await SayRowsAsync(command);
            });
        }

        await AttemptAsync(async () => Say(await OneAsync(c, "SELECT 1 / $1", 0)));
        await using (var rows = new NpgsqlCommand("SELECT 10 / (5 - i) FROM generate_series(1, 9) i", c))
        {
            await AttemptAsync(() => SayRowsAsync(rows));
        }

        Say(c.FullState, await OneAsync(c, "SELECT 'after'"));
    }

    private async Task NoticesAsync(NpgsqlConnection c)
    {
        c.Notice += (_, n) => Say("notice", n.Notice.Severity, n.Notice.SqlState, n.Notice.MessageText);
        await ExecuteAsync(c, "DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two'; END $$");
        Say(c.PostgresParameters["TimeZone"], c.PostgresParameters["server_encoding"]);
        await ExecuteAsync(c, "SET TIME ZONE 'Asia/Tokyo'; SET application_name = 'renamed'");
        Say(c.PostgresParameters["TimeZone"], c.PostgresParameters["application_name"]);
    }

    private async Task TransactionsAsync(NpgsqlConnection c)
    {
        await ExecuteAsync(c, "CREATE TABLE t (i int)");
        foreach (var level in new[]
        {
            IsolationLevel.ReadCommitted, IsolationLevel.RepeatableRead, IsolationLevel.Serializable,
        })
        {
            await using var transaction = await c.BeginTransactionAsync(level);
            await ExecuteAsync(c, "INSERT INTO t VALUES (1)");
            await transaction.SaveAsync("a");
            await AttemptAsync(() => ExecuteAsync(c, "SELECT 1/0"));
            await AttemptAsync(() => ExecuteAsync(c, "SELECT 1"));
            await transaction.RollbackAsync("a");
            Say(await OneAsync(c, "SHOW transaction_isolation"));
            await transaction.CommitAsync();
        }

        await using (await c.BeginTransactionAsync())
        {
            await ExecuteAsync(c, "INSERT INTO t VALUES (99)");
        } // rolled back

        Say(await OneAsync(c, "SELECT count(*) FROM t"));
    }

    private async Task TwoPhaseAsync(NpgsqlConnection c)
    {
        await ExecuteAsync(c, "CREATE TABLE tp (i int)");
        await ExecuteAsync(c, "BEGIN; INSERT INTO tp VALUES (1); PREPARE TRANSACTION 'compat-npgsql'");
        Say(await OneAsync(c, "SELECT count(*) FROM tp"));
        await using var other = await OpenAsync();
        await ExecuteAsync(other, "COMMIT PREPARED 'compat-npgsql'");
        Say(await OneAsync(c, "SELECT count(*) FROM tp"));
    }

    private async Task PoolAsync(NpgsqlConnection c)
    {
        var text = new NpgsqlConnectionStringBuilder(_side.ConnectionString)
        {
            Pooling = true, MaxPoolSize = 4, Options = "-c work_mem=9MB", SearchPath = "pg_catalog",
        }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(text);
        var sums = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            await using var command = source.CreateCommand("SELECT $1");
            command.Parameters.Add(new() { Value = i });
            return (int)(await command.ExecuteScalarAsync())!;
        }));
        Say(sums.Sum());
        await using (var dirty = await source.OpenConnectionAsync())
        {
            await ExecuteAsync(dirty, "SET work_mem = '1MB'; CREATE TEMP TABLE dirt (i int); BEGIN");
        }

        await using var clean = await source.OpenConnectionAsync();
        Say(await OneAsync(clean, "SHOW work_mem"), await OneAsync(clean, "SHOW search_path"));
        Say(await OneAsync(c, "SELECT to_regclass('dirt') IS NULL"));
    }

    private async Task LoginAsync(NpgsqlConnection c)
    {
        await ExecuteAsync(c, "CREATE ROLE compat_npgsql LOGIN PASSWORD 'pässwörd'");
        await using (var other = await OpenAsync("Username=compat_npgsql;Password=pässwörd;Application Name=app"))
        {
            Say(await OneAsync(other, "SELECT current_user || ' ' || current_setting('application_name')"));
        }

        await AttemptAsync(async () => await OpenAsync("Username=compat_npgsql;Password=wrong"));
        await AttemptAsync(async () => await OpenAsync("Database=nowhere"));
        await AttemptAsync(async () => await OpenAsync("SSL Mode=Require"));
        foreach (var attributes in new[] { "any", "primary", "read-write", "prefer-standby", "standby" })
        {
            await AttemptAsync(async () =>
            {
                var text = $"{_side.ConnectionString};Host={Side.Host}:{_side.Port}";
                await using var source = new NpgsqlDataSourceBuilder(text).BuildMultiHost();
                await using var connection = await source.OpenConnectionAsync(
                    Enum.Parse<TargetSessionAttributes>(attributes.Replace("-", "", StringComparison.Ordinal), true));
                Say(attributes, connection.FullState);
            });
        }
    }

    private async Task TerminatedAsync(NpgsqlConnection c)
    {
        await using var other = await OpenAsync();
        var sleeping = AttemptAsync(() => ExecuteAsync(c, "SELECT pg_sleep(30)"));
        Say(await OneAsync(other, "SELECT pg_terminate_backend($1, 5000)", c.ProcessID));
        await sleeping;
        Say(c.FullState);
        await c.OpenAsync();
        Say(await OneAsync(c, "SELECT 'again'"));
    }

    private async Task MultiplexingAsync(NpgsqlConnection c)
    {
        await using var source = NpgsqlDataSource.Create(
            $"{_side.ConnectionString};Pooling=true;Multiplexing=true;Maximum Pool Size=2");
        var results = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            try
            {
                await using var command = source.CreateCommand(i % 50 == 7 ? "SELECT 1 / ($1 - $1)" : "SELECT $1 * 2");
                command.Parameters.Add(new() { Value = i });
                return (int)(await command.ExecuteScalarAsync())!;
            }
            catch (PostgresException e)
            {
                return e.SqlState == PostgresErrorCodes.DivisionByZero ? -1_000_000 : 1;
            }
        }));
        Say(results.Sum(), await OneAsync(c, "SELECT 1"));
    }

    private async Task ReplicationAsync(NpgsqlConnection c)
    {
        await ExecuteAsync(c, "CREATE TABLE rep (i int PRIMARY KEY); CREATE PUBLICATION pub FOR TABLE rep");
        await using var replication = new LogicalReplicationConnection(_side.ConnectionString);
        await replication.Open();
        var system = await replication.IdentifySystem();
        Say(system.DbName, system.Timeline);
        var slot = await replication.CreatePgOutputReplicationSlot("compat_npgsql", temporarySlot: true);
        await ExecuteAsync(c, "INSERT INTO rep SELECT generate_series(1, 3)");
        using var limit = new CancellationTokenSource(Patience, TestTime.Real);
        var messages = new List<string>();
        await foreach (var message in replication.StartReplication(
            slot, new PgOutputReplicationOptions("pub", PgOutputProtocolVersion.V1), limit.Token))
        {
            messages.Add(message.GetType().Name);
            if (message is InsertMessage insert)
            {
                await foreach (var value in insert.NewRow)
                {
                    messages.Add((string)await value.Get());
                }
            }

            replication.SetReplicationStatus(message.WalEnd);
            if (message is CommitMessage)
            {
                break;
            }
        }

        Say([.. messages]);
    }
}
