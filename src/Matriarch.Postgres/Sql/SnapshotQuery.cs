using System.Collections.Immutable;
using System.Globalization;
using Matriarch.Core;
using Npgsql;

namespace Matriarch.Postgres;

/// <summary>Everything that an observation asks, as one batch: one round trip, prepared from the third time
/// on.</summary>
internal static class SnapshotQuery
{
    // The subquery is evaluated once because its function is volatile. A promotion in between does no harm: a server
    // only ever leaves recovery, and the functions for standbys go on working on a primary.
    private const string Server = """
        SELECT r.recovering,
            (SELECT system_identifier FROM pg_control_system()),
            GREATEST(c.timeline_id, m.min_recovery_end_timeline, w.received_tli)::bigint,
            CASE WHEN r.recovering THEN NULL ELSE substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8) END,
            CASE WHEN r.recovering THEN NULL ELSE pg_current_wal_flush_lsn()::text END,
            pg_last_wal_replay_lsn()::text,
            pg_last_wal_receive_lsn()::text,
            extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8,
            current_setting('server_version_num')::int,
            w.status, w.received_tli, w.flushed_lsn::text, w.sender_host, w.sender_port
        FROM (SELECT pg_is_in_recovery() AS recovering) r
        CROSS JOIN pg_control_checkpoint() c
        CROSS JOIN pg_control_recovery() m
        LEFT JOIN pg_stat_wal_receiver w ON true
        """;

    private const string WalSenders =
        "SELECT application_name, state, flush_lsn::text, replay_lsn::text FROM pg_stat_replication";

    private const string Slots = """
        SELECT slot_name::text, active, restart_lsn::text, wal_status, slot_type = 'logical' FROM pg_replication_slots
        WHERE NOT temporary
        """;

    public static async Task<ServerSnapshot> RunAsync(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(Server), new(WalSenders), new(Slots), new(RuleTable.SelectNewest) },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        Invariant.Holds(await reader.ReadAsync(), "the state of the server is one row");
        var snapshot = ReadServer(reader);

        await reader.NextResultAsync();
        var senders = ImmutableArray.CreateBuilder<WalSenderStatus>();
        while (await reader.ReadAsync())
        {
            senders.Add(new WalSenderStatus(
                reader.TextOrNull(0) ?? "", reader.TextOrNull(1) ?? "", LsnOrNull(reader, 2), LsnOrNull(reader, 3)));
        }

        await reader.NextResultAsync();
        var (slots, logical) = (ImmutableArray.CreateBuilder<SlotStatus>(), 0);
        while (await reader.ReadAsync())
        {
            if (reader.GetBoolean(4))
            {
                logical++;
                continue;
            }

            slots.Add(new SlotStatus(
                reader.GetString(0), reader.GetBoolean(1), LsnOrNull(reader, 2), reader.TextOrNull(3)));
        }

        await reader.NextResultAsync();
        var rule = await reader.ReadAsync() ? RuleTable.Read(reader) : null;
        return snapshot with
        {
            WalSenders = senders.ToImmutable(), Slots = slots.ToImmutable(), Rule = rule, LogicalSlots = logical,
        };
    }

    private static ServerSnapshot ReadServer(NpgsqlDataReader reader)
    {
        var isInRecovery = reader.GetBoolean(0);
        var receive = LsnOrNull(reader, 6);
        var replay = LsnOrNull(reader, 5) ?? Lsn.Zero;
        var flush = isInRecovery
            ? (receive is { } received && received > replay ? received : replay)
            : LsnOrNull(reader, 4) ?? Lsn.Zero;
        var timeline = isInRecovery
            ? (uint)reader.GetInt64(2)
            : uint.Parse(reader.GetString(3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return new ServerSnapshot(
            isInRecovery,
            new SystemIdentifier((ulong)reader.GetInt64(1)),
            new Timeline(timeline),
            flush,
            isInRecovery ? replay : flush,
            receive,
            reader.TextOrNull(9) is { } status ? ReadReceiver(reader, status) : null,
            TimeSpan.FromSeconds(reader.GetDouble(7)),
            reader.GetInt32(8),
            [], [], null);
    }

    private static WalReceiverStatus ReadReceiver(NpgsqlDataReader reader, string status) => new(
        status,
        reader.IsDBNull(10) ? null : new Timeline((uint)reader.GetInt32(10)),
        LsnOrNull(reader, 11),
        reader.TextOrNull(12),
        reader.IsDBNull(13) ? null : reader.GetInt32(13));

    private static Lsn? LsnOrNull(NpgsqlDataReader reader, int column) =>
        reader.TextOrNull(column) is { } text ? Lsn.Parse(text) : null;
}
