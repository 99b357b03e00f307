using System.Collections.Immutable;
using System.Text.Json;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>
/// Which logical slots of this node may be used if it is promoted: durable, because a whole instance may be restarted,
/// and then nobody has seen anything yet. Safe for any thread.
/// </summary>
/// <remarks>
/// A slot is ready <em>on a timeline</em>: WAL of another may have vacuumed what it needs. A node that begins to follow
/// a new leader thereby leaves what it knew behind without having to write anything, and a node whose WAL still ends on
/// the timeline may rely on it. Slots of a primary are all usable on its own timeline. To be not ready any more on the
/// same timeline is written before anything else is done.
/// </remarks>
internal sealed class SlotLedger
{
    /// <summary>The file's name within node.directory.</summary>
    public const string FileName = "logical-slots.json";

    /// <summary>A promotion that fails leaves the one before it in force; older ones are of no use.</summary>
    private const int MostEntries = 4;

    private readonly string _path;
    private readonly Lock _changing = new();
    private ImmutableArray<SlotLedgerEntry> _entries;
    private bool _isUnwritten;

    /// <summary>Reads the file. Without a readable one no slot is known to be ready.</summary>
    public SlotLedger(string directory)
    {
        _path = Path.Combine(directory, FileName);
        _entries = Read();
    }

    /// <summary>
    /// Whether the slot may be used by a primary whose WAL before its promotion ends on this timeline.
    /// </summary>
    public bool IsReady(Timeline timeline, string name)
    {
        lock (_changing)
        {
            return _entries.FirstOrDefault(e => e.Timeline == timeline.Value) is { } entry
                && (entry.IsAll ? !entry.Names.Contains(name) : entry.Names.Contains(name));
        }
    }

    /// <summary>A standby knows of these slots, and no others, that they are ready on the timeline.</summary>
    /// <exception cref="IOException">Not written; it holds for this process all the same.</exception>
    public void Follow(Timeline timeline, IEnumerable<string> ready) =>
        Put(new SlotLedgerEntry(timeline.Value, false, [.. ready.Order(StringComparer.Ordinal)]));

    /// <summary>Every slot is usable on this timeline, which this node has begun or is about to begin.</summary>
    /// <exception cref="IOException">Not written; it holds for this process all the same.</exception>
    public void Lead(Timeline timeline)
    {
        lock (_changing)
        {
            Put(_entries.FirstOrDefault(e => e.Timeline == timeline.Value && e.IsAll)
                ?? new SlotLedgerEntry(timeline.Value, true, []));
        }
    }

    /// <summary>Copies of these slots begin anew: whatever was known of them is of another copy.</summary>
    /// <exception cref="IOException">Not written; it holds for this process all the same.</exception>
    public void Forget(IReadOnlyCollection<string> names)
    {
        lock (_changing)
        {
            Write([
                .. _entries.Select(e => e with
                {
                    Names = e.IsAll ? [.. e.Names.Union(names, StringComparer.Ordinal)]
                        : [.. e.Names.Except(names, StringComparer.Ordinal)],
                }),
            ]);
        }
    }

    private void Put(SlotLedgerEntry entry)
    {
        lock (_changing)
        {
            var known = _entries.FirstOrDefault(e => e.Timeline == entry.Timeline);
            if (_isUnwritten || known is null || !known.IsAs(entry))
            {
                Write([entry, .. _entries.Where(e => e.Timeline != entry.Timeline).Take(MostEntries - 1)]);
            }
        }
    }

    private void Write(ImmutableArray<SlotLedgerEntry> entries)
    {
        _entries = entries;
        _isUnwritten = true; // until it is there, whoever tells the same again writes it again
        DurableFile.Replace(_path, JsonSerializer.Serialize(entries, SlotsJson.Default.ImmutableArraySlotLedgerEntry));
        _isUnwritten = false;
    }

    private ImmutableArray<SlotLedgerEntry> Read()
    {
        try
        {
            var entries = File.Exists(_path)
                ? JsonSerializer.Deserialize(
                    File.ReadAllText(_path), SlotsJson.Default.ImmutableArraySlotLedgerEntry) : [];
            return entries.IsDefault || entries.Any(e => e is not { Names.IsDefault: false }) ? [] : entries;
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
