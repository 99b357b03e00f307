using Matriarch.Core;
using Npgsql;

namespace Matriarch.Postgres;

/// <summary>
/// What a serving leader keeps in the database for people: the story of the instance, and no more old rules than
/// anybody can use. On a connection of its own, each step a transaction with a deadline that waits for no standby: it
/// is never in the way of consensus, and what a failover takes away is written again from the topology store.
/// </summary>
/// <remarks>
/// No step names a row by what the agent believes: which rules are old is read from the table by the statement that
/// deletes them. So every WAL that holds the deletion holds the newer rows before it, and whatever part of it a crash
/// or a failover leaves, the newest rule row is in it. To delete what is older than the rule that the agent knows
/// would lose it, where the newest row of a server that was just promoted is an older one.
/// </remarks>
public sealed class Bookkeeping
{
    private readonly ServerContext _context;

    internal Bookkeeping(ServerContext context) => _context = context;

    /// <summary>Rows that one statement deletes at most.</summary>
    public const int MostDeleted = 1000;

    private const string Begin = "BEGIN; SET LOCAL synchronous_commit = local; SET LOCAL lock_timeout = '1s'";

    private const string Definition = """
        CREATE SCHEMA IF NOT EXISTS matriarch;
        CREATE TABLE IF NOT EXISTS matriarch.event (
            id bigint PRIMARY KEY,
            at timestamptz NOT NULL,
            node text,
            kind text NOT NULL,
            severity text NOT NULL,
            term bigint NOT NULL,
            message text NOT NULL);
        COMMENT ON TABLE matriarch.event IS
        'What happened to this instance and why, ordered by id. Written by Matriarch, which keeps the newest rows.'
        """;

    private const string Insert = """
        INSERT INTO matriarch.event (id, at, node, kind, severity, term, message)
        SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::bigint[],
            $7::text[])
        ON CONFLICT DO NOTHING
        """;

    private const string TrimEvents = """
        DELETE FROM matriarch.event WHERE id IN (
            SELECT id FROM matriarch.event
            WHERE id < (SELECT id FROM matriarch.event ORDER BY id DESC OFFSET $1 - 1 LIMIT 1)
            ORDER BY id LIMIT $2)
        """;

    private const string TrimRules = """
        DELETE FROM matriarch.rule WHERE (term, revision) IN (
            SELECT term, revision FROM matriarch.rule
            WHERE (term, revision) <
                    (SELECT term, revision FROM matriarch.rule ORDER BY term DESC, revision DESC OFFSET $1 - 1 LIMIT 1)
                AND term <
                    (SELECT min(term) FROM (SELECT DISTINCT term FROM matriarch.rule ORDER BY term DESC LIMIT $2) t)
            ORDER BY term, revision LIMIT $3)
        """;

    /// <summary>Makes the table where it is missing.</summary>
    /// <returns>The highest id in it; 0 when it is empty.</returns>
    public Task<BookkeepingOutcome> PrepareAsync(CancellationToken cancellation) => RunAsync(
        async connection =>
        {
            if (!await connection.ScalarAsync<bool>("SELECT to_regclass('matriarch.event') IS NOT NULL"))
            {
                await connection.ExecuteAsync(Definition);
            }

            return await connection.ScalarAsync<long>("SELECT coalesce(max(id), 0) FROM matriarch.event");
        },
        cancellation);

    /// <summary>Writes events; those whose id is there already stay as they are.</summary>
    /// <returns>How many were new.</returns>
    public Task<BookkeepingOutcome> AppendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellation) =>
        RunAsync(
            connection => ChangeAsync(
                connection,
                Insert,
                events.Select(e => e.Id).ToArray(),
                events.Select(e => e.At.UtcDateTime).ToArray(),
                events.Select(e => e.Node.IsNone ? null : e.Node.Value).ToArray(),
                events.Select(e => WithoutNul(e.Kind)).ToArray(),
                events.Select(e => e.Severity).ToArray(),
                events.Select(e => (long)e.Term.Value).ToArray(),
                events.Select(e => WithoutNul(e.Message)).ToArray()),
            cancellation);

    /// <summary>Deletes the oldest events beyond so many, at most <see cref="MostDeleted"/> of them.</summary>
    /// <returns>How many.</returns>
    public Task<BookkeepingOutcome> TrimEventsAsync(int kept, CancellationToken cancellation) =>
        RunAsync(connection => ChangeAsync(connection, TrimEvents, kept, MostDeleted), cancellation);

    /// <summary>
    /// Deletes the oldest rules beyond so many that are of none of the newest terms, at most <see
    /// cref="MostDeleted"/> of them; the newest row is never among them.
    /// </summary>
    /// <returns>How many.</returns>
    public Task<BookkeepingOutcome> TrimRulesAsync(int kept, int terms, CancellationToken cancellation)
    {
        Invariant.Holds(kept > 0 && terms > 0, "the newest rule row is never deleted");
        return RunAsync(connection => ChangeAsync(connection, TrimRules, kept, terms, MostDeleted), cancellation);
    }

    private async Task<BookkeepingOutcome> RunAsync(
        Func<NpgsqlConnection, Task<long>> work, CancellationToken cancellation)
    {
        var result = await _context.Books.RunAsync(
            connection => CommitAsync(connection, work), _context.Options.QueryDeadline, cancellation);
        return result.IsSuccess
            ? new BookkeepingOutcome.Done(result.Value) : new BookkeepingOutcome.Failed(result.Failure.Reason);
    }

    private static async Task<long> CommitAsync(NpgsqlConnection connection, Func<NpgsqlConnection, Task<long>> work)
    {
        await connection.ExecuteAsync(Begin);
        try
        {
            var result = await work(connection);
            await connection.ExecuteAsync("COMMIT");
            return result;
        }
        catch (PostgresException)
        {
            await connection.ExecuteAsync("ROLLBACK");
            throw;
        }
    }

    private static async Task<long> ChangeAsync(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The one character that text in PostgreSQL cannot have.</summary>
    private static string WithoutNul(string text) => text.Replace('\0', ' ');
}
