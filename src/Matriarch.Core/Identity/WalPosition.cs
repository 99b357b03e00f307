namespace Matriarch.Core;

/// <summary>
/// How far a node's WAL reaches: the timeline of its last record and the LSN behind it. Because timeline = term, this
/// is Raft's (last term, last index): a later timeline outranks any LSN (Raft paper, section 5.4.1).
/// </summary>
public readonly record struct WalPosition(Timeline Timeline, Lsn Lsn) : IComparable<WalPosition>
{
    public int CompareTo(WalPosition other)
    {
        var byTimeline = Timeline.CompareTo(other.Timeline);
        return byTimeline != 0 ? byTimeline : Lsn.CompareTo(other.Lsn);
    }

    public override string ToString() => $"{Timeline}:{Lsn}";

    public static bool operator <(WalPosition a, WalPosition b) => a.CompareTo(b) < 0;
    public static bool operator >(WalPosition a, WalPosition b) => a.CompareTo(b) > 0;
    public static bool operator <=(WalPosition a, WalPosition b) => a.CompareTo(b) <= 0;
    public static bool operator >=(WalPosition a, WalPosition b) => a.CompareTo(b) >= 0;
}
