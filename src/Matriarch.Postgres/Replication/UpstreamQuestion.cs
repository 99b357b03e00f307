using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// Asks an upstream all at once. Followers do that while the clients of a failed primary wait, and each connection
/// costs a process and an authentication there, so a primary is asked over one connection and in one round trip.
/// </summary>
internal sealed class UpstreamQuestion(ServerContext context, Upstream upstream)
{
    private readonly RemoteServer _remote = context.Expected.Take(upstream);

    // The subquery is evaluated once because its function is volatile; a primary never becomes a standby again while it
    // runs, so what follows from "not recovering" still holds when it is evaluated.
    private const string State = """
        SELECT r.system_identifier, r.timeline, r.flushed,
            CASE WHEN r.timeline <> '00000001' THEN pg_read_file('pg_wal/' || r.timeline || '.history') END,
            EXISTS (
                SELECT FROM pg_ls_waldir() w,
                    (SELECT setting::bigint AS size FROM pg_settings WHERE name = 'wal_segment_size') s,
                    LATERAL (SELECT div($1::numeric, s.size) AS number) n
                WHERE w.name ~ '^[0-9A-F]{24}$' AND right(w.name, 16) =
                    upper(lpad(to_hex(div(n.number, div(4294967296, s.size))::bigint), 8, '0')
                        || lpad(to_hex(mod(n.number, div(4294967296, s.size))::bigint), 8, '0')))
        FROM (
            SELECT p.system_identifier,
                CASE WHEN NOT p.recovering THEN substr(pg_walfile_name(pg_current_wal_flush_lsn()), 1, 8) END
                    AS timeline,
                CASE WHEN NOT p.recovering THEN pg_current_wal_flush_lsn()::text END AS flushed
            FROM (SELECT pg_is_in_recovery() AS recovering, system_identifier FROM pg_control_system()) p) r
        """;

    private sealed record Answer(
        SystemIdentifier System, string? Timeline, string? Flushed, string? HistoryFile, bool HasSegment);

    /// <summary>
    /// What there is to know before following it from a position. Segments are removed oldest first, so it can go on
    /// from there when it still has that segment, or none of its WAL lies beyond.
    /// </summary>
    public async Task<SqlResult<UpstreamState>> AskAsync(Lsn from, CancellationToken cancellation)
    {
        var deadline = context.Options.QueryDeadline;
        var asked = await AskOnceAsync(from, deadline, cancellation);
        if (asked is { IsSuccess: false, Failure.IsConnect: false })
        {
            // The connection may have been made ahead, and have ended since.
            asked = await AskOnceAsync(from, deadline, cancellation);
        }

        if (!asked.IsSuccess)
        {
            return new SqlResult<UpstreamState>(default!, asked.Failure);
        }

        var answer = asked.Value;
        return answer.Timeline is null || answer.Flushed is null
            ? await AskStandbyAsync(answer, from, deadline, cancellation)
            : Parse(answer, from);
    }

    private Task<SqlResult<Answer>> AskOnceAsync(Lsn from, TimeSpan deadline, CancellationToken cancellation) =>
        _remote.QueryAsync(
            async c => (await c.RowsAsync(State, Read, (decimal)from.Value))[0], deadline, cancellation);

    // No SQL function of a standby tells the timeline of replay, so that takes a replication connection.
    private async Task<SqlResult<UpstreamState>> AskStandbyAsync(
        Answer answer, Lsn from, TimeSpan deadline, CancellationToken cancellation)
    {
        var identified = await _remote.IdentifyAsync(deadline, cancellation);
        return identified is { IsSuccess: true, Value: var it }
            ? new SqlResult<UpstreamState>(
                new UpstreamState(
                    it.System, it.Position, it.History, it.HistoryFile, answer.HasSegment || from >= it.Position.Lsn),
                null)
            : new SqlResult<UpstreamState>(default!, identified.Failure);
    }

    private static SqlResult<UpstreamState> Parse(Answer answer, Lsn from)
    {
        try
        {
            var timeline = new Timeline(
                uint.Parse(answer.Timeline!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            var flushed = Lsn.Parse(answer.Flushed!);
            var history = answer.HistoryFile is { } file
                ? TimelineHistory.Parse(timeline, file)
                : TimelineHistory.Root(timeline);
            return new SqlResult<UpstreamState>(
                new UpstreamState(
                    answer.System, new WalPosition(timeline, flushed), history, answer.HistoryFile,
                    answer.HasSegment || from >= flushed),
                null);
        }
        catch (FormatException e)
        {
            return new SqlResult<UpstreamState>(default!, SqlFailure.From(e, isConnect: false));
        }
    }

    private static Answer Read(Npgsql.NpgsqlDataReader reader) => new(
        new SystemIdentifier((ulong)reader.GetInt64(0)), reader.TextOrNull(1), reader.TextOrNull(2),
        reader.TextOrNull(3), reader.GetBoolean(4));
}
