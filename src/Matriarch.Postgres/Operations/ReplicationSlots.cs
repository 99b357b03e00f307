using Matriarch.Core;
using Npgsql;

namespace Matriarch.Postgres;

/// <summary>
/// A slot per follower on every possible leader, so that whoever leads next still has the WAL that the others need.
/// What a slot may hold back is bounded by max_slot_wal_keep_size.
/// </summary>
internal sealed class ReplicationSlots(ServerContext context)
{
    private const string Ours = """
        SELECT slot_name::text, active, wal_status = 'lost', restart_lsn::text FROM pg_replication_slots
        WHERE slot_type = 'physical' AND slot_name LIKE 'matriarch\_%' AND NOT temporary
        """;

    private readonly record struct Slot(string Name, bool IsActive, bool IsLost, Lsn? RestartLsn);

    public async Task<ServerOutcome> EnsureAsync(IReadOnlyCollection<NodeId> followers, CancellationToken cancellation)
    {
        var wanted = followers.Select(f => SlotName.For(f).Value).ToHashSet(StringComparer.Ordinal);
        return Outcome(await context.QueryAsync(
            async connection =>
            {
                foreach (var slot in await ListAsync(connection))
                {
                    // A lost one keeps nothing, and goes so that the follower's next copy can make a new one.
                    var isKept = wanted.Contains(slot.Name) && !slot.IsLost;
                    if (!isKept && slot.IsActive)
                    {
                        Log.KeepsSlot(context.Logger, context.Self, slot.Name, "a WAL sender uses it");
                    }
                    else if (!isKept)
                    {
                        await connection.ExecuteAsync("SELECT pg_drop_replication_slot($1)", slot.Name);
                    }
                }

                var present = (await ListAsync(connection)).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
                foreach (var name in wanted.Except(present, StringComparer.Ordinal))
                {
                    await connection.ExecuteAsync("SELECT pg_create_physical_replication_slot($1, true)", name);
                }

                return true;
            },
            cancellation));
    }

    public async Task<ServerOutcome> AdvanceAsync(
        IReadOnlyDictionary<NodeId, Lsn> positions, CancellationToken cancellation)
    {
        var byName = positions.ToDictionary(p => SlotName.For(p.Key).Value, p => p.Value, StringComparer.Ordinal);
        return Outcome(await context.QueryAsync(
            async connection =>
            {
                var end = await connection.ScalarAsync<string>("SELECT pg_last_wal_replay_lsn()::text");
                var replayed = Lsn.TryParse(end, out var lsn) ? lsn : Lsn.Zero;
                foreach (var slot in await ListAsync(connection))
                {
                    if (!slot.IsActive && !slot.IsLost && byName.TryGetValue(slot.Name, out var target))
                    {
                        var bounded = target < replayed ? target : replayed;
                        if (slot.RestartLsn is { } from && bounded > from)
                        {
                            await connection.ExecuteAsync(
                                "SELECT pg_replication_slot_advance($1, $2::text::pg_lsn)", slot.Name,
                                bounded.ToString());
                        }
                    }
                }

                return true;
            },
            cancellation));
    }

    /// <summary>Makes one slot on another server, unless it is there.</summary>
    public static async Task<bool> CreateMissingAsync(NpgsqlConnection connection, SlotName slot) =>
        await connection.ExecuteAsync(
            """
            SELECT pg_create_physical_replication_slot($1, true)
            WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)
            """,
            slot.Value);

    private static Task<List<Slot>> ListAsync(NpgsqlConnection connection) => connection.RowsAsync(
        Ours,
        reader => new Slot(
            reader.GetString(0), reader.GetBoolean(1), !reader.IsDBNull(2) && reader.GetBoolean(2),
            reader.TextOrNull(3) is { } lsn ? Lsn.Parse(lsn) : null));

    private static ServerOutcome Outcome(SqlResult<bool> result) =>
        result.IsSuccess ? ServerOutcome.Success : new ServerOutcome.Failed(result.Failure.Reason);
}
