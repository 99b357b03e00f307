using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>The logical slots of a primary, and what it keeps for the standby that asks.</summary>
/// <param name="Timeline">That it writes; null when it is no primary.</param>
/// <param name="ProtectedXmin">
/// catalog_xmin of the standby's own physical slot there, as its hot_standby_feedback has set it: catalogue rows from
/// this transaction on are not vacuumed. Null when nothing is kept. It was read before the slots were.
/// </param>
/// <param name="Slots">Persistent logical slots, by name.</param>
public sealed record UpstreamSlots(Timeline? Timeline, Xid? ProtectedXmin, ImmutableArray<LogicalSlot> Slots);
