using System.Collections.Immutable;
using Matriarch.Core;
using Npgsql;

namespace Matriarch.Postgres;

/// <summary>
/// Carries logical slots from a primary to a standby that is about to start, as files: before PostgreSQL 17 there is no
/// other way, and a server looks at these files only when it starts.
/// </summary>
/// <remarks>
/// A slot is two files: its state, and the snapshot of the catalogues that the primary serialized at the position where
/// the slot begins to decode. With the state alone, decoding would have to build a snapshot from the WAL that follows,
/// and skips, without a word, what is committed before that is complete: transactions that ran at that position make
/// it late. So both are copied, and both of one moment: a slot that moved on between the two reads is read again.
/// </remarks>
public sealed class SlotCopying
{
    /// <summary>4 bytes for each transaction that a snapshot has to name; far more than are ever open.</summary>
    public const int MostSnapshotBytes = 4 * 1024 * 1024;

    private const int Attempts = 5;

    private readonly ServerContext _context;
    private readonly LogicalSlots _slots;
    private readonly SlotFiles _files;

    internal SlotCopying(ServerContext context, LogicalSlots slots)
    {
        (_context, _slots) = (context, slots);
        _files = new SlotFiles(context.Paths, context.User);
    }

    /// <summary>Reads slots of the primary.</summary>
    /// <param name="upstream">The primary.</param>
    /// <param name="names">Which; those that it does not have (any more) are left out.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The copies, and what went wrong with others.</returns>
    public async Task<(ImmutableArray<SlotCopy> Copies, string? Problem)> FetchAsync(
        Upstream upstream, IEnumerable<string> names, CancellationToken cancellation)
    {
        var session = await _slots.UpstreamAsync(upstream);
        var copies = ImmutableArray.CreateBuilder<SlotCopy>();
        string? problem = null;
        foreach (var name in names.Where(SlotFiles.IsName))
        {
            var result = await session.RunAsync(
                c => FetchAsync(c, name), _context.Options.QueryDeadline, cancellation);
            if (!result.IsSuccess)
            {
                problem = $"{name}: {result.Failure.Reason}";
            }
            else if (result.Value is { } copy)
            {
                copies.Add(copy);
            }
        }

        return (copies.DrainToImmutable(), problem);
    }

    /// <summary>
    /// Those of the primary's slots that are missing in the data directory, and could be used with the WAL in it.
    /// </summary>
    public IEnumerable<LogicalSlot> Missing(IEnumerable<LogicalSlot> wanted) => wanted.Where(
        s => s is { IsLost: false, RestartLsn: { } from } && SlotFiles.IsName(s.Name) && !_files.Has(s.Name)
            && _files.HasWal(from, WalSegmentBytes));

    /// <summary>Puts the slots where they are missing. The server must be stopped.</summary>
    /// <returns>Their names, and why others could not be put there.</returns>
    public (IReadOnlyList<string> Installed, string? Problem) Install(IReadOnlyCollection<SlotCopy> copies)
    {
        Invariant.Holds(_context.Watch is not { Exited.IsCompleted: false }, "slots are installed in a stopped server");
        try
        {
            var installed = _files.Install(copies.Where(c => _files.HasWal(c.RestartLsn, WalSegmentBytes)));
            if (installed.Count > 0)
            {
                // From its first moment on, so that the primary keeps what these slots need as soon as it can.
                _context.Dynamic.Change(s => s.With(DynamicSettings.HotStandbyFeedback, "on"));
            }

            return (installed, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], e.Message);
        }
    }

    /// <summary>Takes slots away again, of a stopped server that did not start with them.</summary>
    public void Remove(IEnumerable<string> names) => _files.Remove(names);

    // initdb is ours, and takes the default; a rewind and a copy keep it.
    private const long WalSegmentBytes = 16 * 1024 * 1024;

    private static async Task<SlotCopy?> FetchAsync(NpgsqlConnection connection, string name)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var state = await connection.ScalarAsync<byte[]>(
                "SELECT pg_read_binary_file('pg_replslot/' || $1 || '/state', 0, $2, true)", name,
                SlotStateFile.MostBytes + 1L);
            if (state is null)
            {
                return null;
            }

            var from = SlotStateFile.ReadRestartLsn(name, state);
            var snapshot = await connection.ScalarAsync<byte[]>(
                "SELECT pg_read_binary_file('pg_logical/snapshots/' || $1, 0, $2, true)", SlotFiles.SnapshotName(from),
                MostSnapshotBytes + 1L);
            if (snapshot?.Length > MostSnapshotBytes)
            {
                throw new FormatException($"the snapshot of slot {name} has more than {MostSnapshotBytes} bytes");
            }

            // A snapshot goes once no slot begins to decode there: had this one moved on, none would prove nothing.
            var now = await connection.ScalarAsync<string>(
                "SELECT restart_lsn::text FROM pg_replication_slots WHERE slot_name = $1", name);
            if (Lsn.TryParse(now, out var still) && still == from)
            {
                return new SlotCopy(name, from, state, snapshot is null ? null : (ReadOnlyMemory<byte>?)snapshot);
            }
        }

        throw new FormatException($"the slot {name} moves on faster than it can be read");
    }
}
