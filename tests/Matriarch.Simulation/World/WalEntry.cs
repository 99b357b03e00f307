using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>What a WAL record is to this world.</summary>
internal enum WalKind
{
    Promotion,
    Shutdown,
    Rule,
    Write,
}

/// <summary>
/// One WAL record, shared by all logs that hold it: two logs have the same history exactly as far as their records are
/// the same objects. Every record is <see cref="Bytes"/> long, so the LSN behind it follows from its index.
/// </summary>
internal sealed class WalEntry(int index, uint timeline, WalKind kind, Rule? ruleAsOf)
{
    public const int Bytes = 100;

    public int Index { get; } = index;

    public uint Timeline { get; } = timeline;

    public WalKind Kind { get; } = kind;

    /// <summary>The newest rule row at this point of the history, this record included.</summary>
    public Rule? RuleAsOf { get; } = ruleAsOf;

    /// <summary>Made by a promotion that nobody was appointed for, or after one.</summary>
    public bool IsStray { get; init; }

    /// <summary>Nodes that have ever flushed it, as bits.</summary>
    public int Holders { get; set; }

    /// <summary>
    /// It became visible although nobody had acknowledged it: a cancelled wait. Reads of it promise nothing.
    /// </summary>
    public bool IsExposed { get; set; }

    public WalPosition End => new(new Timeline(Timeline), LsnAt(Index + 1));

    public static Lsn LsnAt(int count) => new((ulong)count * Bytes);
}
