using System.Globalization;
using System.Text.RegularExpressions;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.EndToEnd;

/// <summary>
/// A subscriber of a logical slot, as an application writes one over SQL: it looks at what comes next, keeps it, and
/// confirms it only then. Through the gateway, and it goes on through every failure.
/// </summary>
internal sealed partial class SlotSubscriber : IAsyncDisposable
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _connectionString;
    private readonly string _slot;
    private readonly CancellationTokenSource _ending = new();
    private readonly HashSet<long> _received = [];
    private readonly Lock _receiving = new();
    private readonly Task _work;
    private int _again;

    private SlotSubscriber(string connectionString, string slot)
    {
        (_connectionString, _slot) = (connectionString, slot);
        _work = Task.Run(ReceiveAsync);
    }

    /// <summary>Ids that came a second time, as they may after a failover.</summary>
    public int Again => Volatile.Read(ref _again);

    /// <summary>Why the last attempt failed.</summary>
    public string LastError { get; private set; } = "";

    /// <summary>Begins to receive the ids that are inserted into the table of the writer.</summary>
    public static SlotSubscriber Start(string connectionString, string slot) => new(connectionString, slot);

    /// <summary>How many different ids it has.</summary>
    public int Received
    {
        get
        {
            lock (_receiving)
            {
                return _received.Count;
            }
        }
    }

    /// <summary>Those of the ids that it does not have.</summary>
    public List<long> Missing(IEnumerable<long> ids)
    {
        lock (_receiving)
        {
            return [.. ids.Where(id => !_received.Contains(id))];
        }
    }

    /// <summary>Waits until it has received this many more.</summary>
    public Task GoesOnAsync(int more = 50)
    {
        var before = Received;
        return Eventually.HoldsAsync(
            $"{more} more changes at the subscriber", () => Received >= before + more, TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _work;
        _ending.Dispose();
    }

    private async Task ReceiveAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(_connectionString);
                await connection.OpenAsync();
                while (!_ending.IsCancellationRequested)
                {
                    await StepAsync(connection);
                    await Task.Delay(Pause, TestTime.Real);
                }
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                LastError = e.Message;
                await Task.Delay(Pause, TestTime.Real);
            }
        }
    }

    private async Task StepAsync(NpgsqlConnection connection)
    {
        string? last = null;
        await using (var peek = new NpgsqlCommand(
            string.Create(
                CultureInfo.InvariantCulture,
                $"select lsn::text, data from pg_logical_slot_peek_changes('{_slot}', null, {BatchSize})"), connection))
        await using (var reader = await peek.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                last = reader.GetString(0);
                if (Inserted().Match(reader.GetString(1)) is { Success: true } match)
                {
                    Keep(long.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
                }
            }
        }

        if (last is not null)
        {
            await using var confirm = new NpgsqlCommand(
                $"select pg_replication_slot_advance('{_slot}', '{last}')", connection);
            await confirm.ExecuteNonQueryAsync();
        }
    }

    private void Keep(long id)
    {
        lock (_receiving)
        {
            if (!_received.Add(id))
            {
                _again++;
            }
        }
    }

    [GeneratedRegex(@"\Atable public\.written: INSERT: id\[bigint\]:(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Inserted();
}
