using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// What a leader had at some moment that is not before <paramref name="At"/>: who has replayed it holds everything
/// that the leader had at <paramref name="At"/>.
/// </summary>
/// <param name="At">Monotonic time stamp of this process.</param>
/// <param name="Timeline">Of the leader, hence its term.</param>
/// <param name="Lsn">End of its durable WAL.</param>
internal readonly record struct StalenessMark(long At, Timeline Timeline, Lsn Lsn);
