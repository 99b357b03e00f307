namespace Matriarch.Chaos;

/// <summary>The history file of a timeline as a node has it.</summary>
/// <param name="Node">In whose pg_wal it is.</param>
/// <param name="Timeline">The timeline.</param>
/// <param name="Content">Its ancestors and where each was left: what was left out of it is only for people.</param>
internal sealed record TimelineFile(string Node, long Timeline, string Content);
