using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>The logical slots of this server, at one moment.</summary>
/// <param name="IsInRecovery">True for a standby.</param>
/// <param name="ReceiverPid">Process id of its WAL receiver while that streams; null without one.</param>
/// <param name="StreamedTimeline">The timeline that it streams; null without a WAL receiver.</param>
/// <param name="ReplayLsn">End of replayed WAL; of a primary the end of its durable WAL.</param>
/// <param name="Slots">Persistent logical slots, by name.</param>
public sealed record StandbySlots(
    bool IsInRecovery, int? ReceiverPid, Timeline? StreamedTimeline, Lsn ReplayLsn, ImmutableArray<LogicalSlot> Slots);
