using System.Globalization;
using System.Text;
using Npgsql;

namespace Matriarch.Compatibility;

/// <summary>The cases of Npgsql: each prints a section; an exception is printed, not thrown.</summary>
internal sealed partial class NpgsqlCases
{
    private readonly StringBuilder _said = new();
    private readonly Side _side;

    private NpgsqlCases(Side side) => _side = side;

    /// <summary>The transcript of one side.</summary>
    public static async Task<string> RunAsync(Side side)
    {
        var cases = new NpgsqlCases(side);
        foreach (var (name, run) in cases.All())
        {
            cases.Say($"== {name}");
            try
            {
                await using var connection = await cases.OpenAsync();
                await run(connection);
            }
            catch (Exception e)
            {
                cases.Say($"failed: {e.GetType().Name} {e.Message}");
            }
        }

        cases.Say("== end");
        return cases._said.ToString();
    }

    private Dictionary<string, Func<NpgsqlConnection, Task>> All() => new()
    {
        ["simple and extended"] = SimpleAndExtendedAsync,
        ["types"] = TypesAsync,
        ["prepared"] = PreparedAsync,
        ["automatic preparation"] = AutomaticPreparationAsync,
        ["batch"] = BatchAsync,
        ["copy"] = CopyAsync,
        ["cancel"] = CancelAsync,
        ["listen"] = ListenAsync,
        ["errors"] = ErrorsAsync,
        ["notices"] = NoticesAsync,
        ["transactions"] = TransactionsAsync,
        ["two-phase"] = TwoPhaseAsync,
        ["large"] = LargeAsync,
        ["sequential"] = SequentialAsync,
        ["pool"] = PoolAsync,
        ["login"] = LoginAsync,
        ["terminated"] = TerminatedAsync,
        ["multiplexing"] = MultiplexingAsync,
        ["replication"] = ReplicationAsync,
    };

    private void Say(params ReadOnlySpan<object?> what)
    {
        var words = new List<string>();
        foreach (var word in what)
        {
            words.Add(word switch
            {
                null or DBNull => "NULL",
                byte[] bytes => Convert.ToHexString(bytes),
                Array items => $"[{string.Join(',', items.Cast<object?>())}]",
                _ => Convert.ToString(word, CultureInfo.InvariantCulture) ?? "",
            });
        }

        lock (_said)
        {
            _said.Append(string.Join(' ', words)).Append('\n');
        }
    }

    private async Task AttemptAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (PostgresException e)
        {
            Say("error", e.SqlState, e.Severity, e.MessageText, "|", e.Detail, "|", e.Position, e.ConstraintName,
                e.TableName, e.Routine);
        }
        catch (NpgsqlException e)
        {
            Say("error", e.GetType().Name, e.InnerException?.GetType().Name, e.Message);
        }
        catch (OperationCanceledException e)
        {
            Say("cancelled", (e.InnerException as PostgresException)?.SqlState);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(string more = "")
    {
        var connection = new NpgsqlConnection($"{_side.ConnectionString};Include Error Detail=true;{more}");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> OneAsync(
        NpgsqlConnection connection, string sql, params IEnumerable<object> parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return await command.ExecuteScalarAsync();
    }

    private async Task SayRowsAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        do
        {
            while (await reader.ReadAsync())
            {
                Say([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)]);
            }

            Say("end", reader.FieldCount, reader.RecordsAffected);
        }
        while (await reader.NextResultAsync());
    }
}
