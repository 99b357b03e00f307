using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>A slot that is to be moved forward on this standby.</summary>
internal sealed record SlotAdvance(LogicalSlot Slot, Lsn To);
