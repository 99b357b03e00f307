using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Matriarch.Core;
using Npgsql;

namespace Matriarch.Postgres;

/// <summary>
/// The logical slots of this server and of the primary that it follows: reading, moving forward and dropping them.
/// Connections of its own, so that decoding much WAL keeps nothing else waiting; one caller at a time, except
/// <see cref="DropAsync"/>.
/// </summary>
public sealed class LogicalSlots : IAsyncDisposable
{
    /// <summary>By which a primary tells the sessions of its followers that look at its slots.</summary>
    public const string ApplicationName = "matriarch slots";

    /// <summary>Decoding the WAL between two looks takes milliseconds, that of a long absence minutes.</summary>
    private static readonly TimeSpan AdvanceDeadline = TimeSpan.FromSeconds(30);

    private const int MostSessions = 16;

    private const string Select = """
        SELECT slot_name::text, plugin::text, database::text, restart_lsn::text, confirmed_flush_lsn::text,
            catalog_xmin::text, two_phase, coalesce(wal_status = 'lost', false), active
        FROM pg_replication_slots
        WHERE slot_type = 'logical' AND NOT temporary AND confirmed_flush_lsn IS NOT NULL
        """;

    private const string Order = " ORDER BY slot_name";

    // A server never becomes a standby while a connection lives, so the timeline holds for what is asked after it.
    private const string WrittenTimeline = """
        SELECT CASE WHEN NOT r.recovering THEN substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8) END
        FROM (SELECT pg_is_in_recovery() AS recovering) r
        """;

    private const string Protected =
        "SELECT catalog_xmin::text FROM pg_replication_slots WHERE slot_name = $1 AND slot_type = 'physical'";

    private const string Server = """
        SELECT r.recovering, w.pid, w.received_tli,
            CASE WHEN r.recovering THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END::text
        FROM (SELECT pg_is_in_recovery() AS recovering) r
        LEFT JOIN pg_stat_wal_receiver w ON w.status = 'streaming'
        """;

    private readonly ServerContext _context;
    private readonly SqlSession<NpgsqlConnection> _own;
    private readonly Dictionary<string, SqlSession<NpgsqlConnection>> _databases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, byte> _foreignPids = new();
    private readonly Lock _changing = new();
    private (string Host, int Port, SqlSession<NpgsqlConnection> Session)? _upstream;

    internal LogicalSlots(ServerContext context)
    {
        _context = context;
        _own = new(ConnectionKinds.Sql(context.Endpoint), context.Time, context.OwnPids);
    }

    /// <summary>
    /// Whether PostgreSQL itself copies slots to standbys (from 17 on: those that were made with failover = true).
    /// </summary>
    public bool IsNative => _context.Installation.MajorVersion >= 17;

    /// <summary>The slots of this server; null and why when it could not be asked.</summary>
    public async Task<(StandbySlots? Slots, string? Problem)> ReadOwnAsync(CancellationToken cancellation)
    {
        var result = await _own.RunAsync(ReadOwnAsync, _context.Options.QueryDeadline, cancellation);
        return (result.Value, result.Failure?.Reason);
    }

    /// <summary>The slots of the primary that is followed; null and why when it could not be asked.</summary>
    public async Task<(UpstreamSlots? Slots, string? Problem)> ReadUpstreamAsync(
        Upstream upstream, CancellationToken cancellation)
    {
        var session = await UpstreamAsync(upstream);
        var result = await session.RunAsync(
            async connection =>
            {
                // In this order: what is protected was protected before the slots were where they are seen to be.
                var written = await connection.ScalarAsync<string>(WrittenTimeline);
                var kept = await connection.ScalarAsync<string>(Protected, SlotName.For(_context.Self).Value);
                return new UpstreamSlots(
                    written is null ? null : new Timeline(
                        uint.Parse(written, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)),
                    Xid.ParseOrNull(kept), await SlotsAsync(connection));
            },
            _context.Options.QueryDeadline, cancellation);
        return (result.Value, result.Failure?.Reason);
    }

    /// <summary>
    /// Standby: moves a slot forward, never past what is replayed here. Also where it stands already: what it needs of
    /// the catalogues may have become less.
    /// </summary>
    public async Task<SlotAdvanceOutcome> AdvanceAsync(LogicalSlot slot, Lsn to, CancellationToken cancellation)
    {
        if (!_databases.TryGetValue(slot.Database, out var session))
        {
            if (_databases.Count >= MostSessions)
            {
                await CloseDatabasesAsync();
            }

            var endpoint = new SqlEndpoint(
                _context.Options.Host, _context.Options.Port, ServerSecrets.SuperuserName,
                _context.Secrets.SuperuserPassword, AdvanceDeadline, slot.Database, ApplicationName);
            session = new(ConnectionKinds.Sql(endpoint), _context.Time, _context.OwnPids);
            _databases.Add(slot.Database, session);
        }

        var result = await session.RunAsync(
            c => c.ExecuteAsync(
                "SELECT pg_replication_slot_advance($1, $2::text::pg_lsn)", slot.Name, to.ToString()),
            AdvanceDeadline + TimeSpan.FromSeconds(1), cancellation);
        return result.IsSuccess ? new SlotAdvanceOutcome.Done()
            : result.Failure.SqlState is "58P01" or "XX001" or "XX002"
                ? new SlotAdvanceOutcome.Broken(result.Failure.Reason)
                : new SlotAdvanceOutcome.Failed(result.Failure.Reason);
    }

    /// <summary>
    /// Drops slots for certain: a session that uses one is ended. One that is not there is no error. Sessions that move
    /// other slots forward are ended too.
    /// </summary>
    /// <param name="names">Which.</param>
    /// <param name="deadline">Until none of them is left.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ServerOutcome> DropAsync(
        IReadOnlyCollection<string> names, TimeSpan deadline, CancellationToken cancellation)
    {
        var until = new Deadline(_context.Time, deadline);
        object wanted = names.ToArray(); // one parameter, not as many as there are names
        while (true)
        {
            var result = await _own.RunAsync(
                async connection =>
                {
                    await connection.ExecuteAsync(
                        """
                        SELECT pg_terminate_backend(a.pid)
                        FROM pg_replication_slots s JOIN pg_stat_activity a ON a.pid = s.active_pid
                        WHERE s.slot_type = 'logical' AND (s.slot_name = ANY ($1) OR a.application_name = $2)
                        """,
                        wanted, ApplicationName);
                    await connection.ExecuteAsync(
                        """
                        SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
                        WHERE slot_type = 'logical' AND NOT active AND slot_name = ANY ($1)
                        """,
                        wanted);
                    return await connection.ScalarAsync<long>(
                        """
                        SELECT count(*) FROM pg_replication_slots
                        WHERE slot_type = 'logical' AND slot_name = ANY ($1)
                        """,
                        wanted);
                },
                until.AtMost(_context.Options.QueryDeadline), cancellation);
            if (result is { IsSuccess: true, Value: 0 })
            {
                return ServerOutcome.Success;
            }

            if (until.IsOver)
            {
                return new ServerOutcome.Failed(result.Failure?.Reason ?? "a session goes on using it");
            }

            await until.PauseAsync(5, cancellation);
        }
    }

    /// <summary>
    /// Standby: its hot_standby_feedback, by which the primary keeps the catalogue rows that the slots here need; and
    /// from PostgreSQL 17 on the worker that copies the slots. A change takes effect without a restart.
    /// </summary>
    /// <returns>Whether anything was changed.</returns>
    public bool Keep(bool isWanted) => Change(settings =>
    {
        var word = isWanted ? "on" : "";
        var changed = settings.With(DynamicSettings.HotStandbyFeedback, word);
        return IsNative
            ? changed.With(DynamicSettings.SyncReplicationSlots, word)
                .With(DynamicSettings.SynchronizedStandbySlots, "")
            : changed;
    });

    /// <summary>
    /// Primary of PostgreSQL 17 or later: its logical subscribers get nothing that these followers do not have.
    /// </summary>
    /// <returns>Whether anything was changed.</returns>
    public bool WaitFor(IEnumerable<NodeId> followers) => IsNative && Change(settings => settings.With(
        DynamicSettings.SynchronizedStandbySlots, string.Join(", ", followers.Select(f => SlotName.For(f).Value))));

    /// <summary>Closes the connections; the next use opens them again.</summary>
    public async Task ReleaseAsync()
    {
        await CloseDatabasesAsync();
        SqlSession<NpgsqlConnection>? upstream;
        lock (_changing)
        {
            upstream = _upstream?.Session;
            _upstream = null;
        }

        if (upstream is not null)
        {
            await upstream.CloseAsync();
        }

        await _own.CloseAsync();
    }

    public async ValueTask DisposeAsync() => await ReleaseAsync();

    /// <summary>A session with the upstream, which is kept as long as that stays the same. For any thread.</summary>
    internal async Task<SqlSession<NpgsqlConnection>> UpstreamAsync(Upstream upstream)
    {
        SqlSession<NpgsqlConnection>? replaced;
        SqlSession<NpgsqlConnection> session;
        lock (_changing)
        {
            if (_upstream is { } known && (known.Host, known.Port) == (upstream.Host, upstream.Port))
            {
                return known.Session;
            }

            var endpoint = new SqlEndpoint(
                upstream.Host, upstream.Port, ServerSecrets.SuperuserName, _context.Secrets.SuperuserPassword,
                _context.Options.QueryDeadline + TimeSpan.FromSeconds(1), application: ApplicationName);
            replaced = _upstream?.Session;
            session = new(ConnectionKinds.Sql(endpoint), _context.Time, _foreignPids);
            _upstream = (upstream.Host, upstream.Port, session);
        }

        if (replaced is not null)
        {
            await replaced.CloseAsync();
        }

        return session;
    }

    private bool Change(Func<DynamicSettings, DynamicSettings> change)
    {
        var before = _context.Dynamic.Read();
        if (change(before).Render() == before.Render())
        {
            return false;
        }

        _context.Dynamic.Change(change);
        _context.Reload();
        return true;
    }

    private async Task CloseDatabasesAsync()
    {
        foreach (var session in _databases.Values)
        {
            await session.CloseAsync();
        }

        _databases.Clear();
    }

    private async Task<StandbySlots> ReadOwnAsync(NpgsqlConnection connection)
    {
        var rows = await connection.RowsAsync(
            Server,
            r => new StandbySlots(
                r.GetBoolean(0), r.IsDBNull(1) ? null : r.GetInt32(1),
                r.IsDBNull(2) ? null : new Timeline((uint)r.GetInt32(2)),
                Lsn.TryParse(r.TextOrNull(3), out var lsn) ? lsn : Lsn.Zero, []));
        return rows[0] with { Slots = await SlotsAsync(connection) };
    }

    /// <summary>From 17 on those only that PostgreSQL itself is to carry over.</summary>
    private async Task<ImmutableArray<LogicalSlot>> SlotsAsync(NpgsqlConnection connection) =>
    [
        .. await connection.RowsAsync((IsNative ? Select + " AND failover" : Select) + Order, ReadSlot),
    ];

    private static LogicalSlot ReadSlot(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.TextOrNull(1) ?? "", reader.TextOrNull(2) ?? "", LsnOrNull(reader, 3),
        LsnOrNull(reader, 4), Xid.ParseOrNull(reader.TextOrNull(5)), reader.GetBoolean(6), reader.GetBoolean(7),
        reader.GetBoolean(8));

    private static Lsn? LsnOrNull(NpgsqlDataReader reader, int column) =>
        reader.TextOrNull(column) is { } text ? Lsn.Parse(text) : null;
}
