using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>One look at a running server.</summary>
/// <param name="IsInRecovery">True for a standby.</param>
/// <param name="System">Identity of the instance.</param>
/// <param name="Timeline">
/// Primary: the timeline that it writes, exactly. Standby: the highest that its control file or WAL receiver names,
/// which may lag behind replay; <see cref="PostgresServer.DetachAsync"/> and <see
/// cref="PostgresServer.ReadPositionAsync"/> are exact.
/// </param>
/// <param name="FlushLsn">Primary: end of durable WAL. Standby: the further of received and replayed.</param>
/// <param name="ReplayLsn">Standby: end of replayed WAL. Primary: equal to <paramref name="FlushLsn"/>.</param>
/// <param name="ReceiveLsn">Standby: what the latest WAL receiver made durable; null when none has run since the
/// start.</param>
/// <param name="WalReceiver">Null when none is connected.</param>
/// <param name="Uptime">Since the postmaster started.</param>
/// <param name="Version">server_version_num, for example 150014.</param>
/// <param name="WalSenders">Connected standbys and backups.</param>
/// <param name="Slots">All physical replication slots.</param>
/// <param name="Rule">The newest row of matriarch.rule that is visible here; null when the table is empty.</param>
/// <param name="LogicalSlots">How many persistent logical slots there are.</param>
public sealed record ServerSnapshot(
    bool IsInRecovery,
    SystemIdentifier System,
    Timeline Timeline,
    Lsn FlushLsn,
    Lsn ReplayLsn,
    Lsn? ReceiveLsn,
    WalReceiverStatus? WalReceiver,
    TimeSpan Uptime,
    int Version,
    ImmutableArray<WalSenderStatus> WalSenders,
    ImmutableArray<SlotStatus> Slots,
    Rule? Rule,
    int LogicalSlots = 0);
