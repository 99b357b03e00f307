using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>What a standby has to know of a server before it can follow it.</summary>
/// <param name="System">Identity of its instance.</param>
/// <param name="Position">Standby: timeline of replay; the LSN is received or replayed. Primary: durable WAL.</param>
/// <param name="History">Ancestry of that timeline.</param>
/// <param name="HistoryFile">Its history file; null for the first timeline, which has none.</param>
/// <param name="HasWal">Whether it still has the WAL segment of the position that it was asked about.</param>
internal sealed record UpstreamState(
    SystemIdentifier System, WalPosition Position, TimelineHistory History, string? HistoryFile, bool HasWal);
