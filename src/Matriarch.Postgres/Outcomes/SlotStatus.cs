using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>One physical replication slot.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsActive">A WAL sender uses it.</param>
/// <param name="RestartLsn">The oldest WAL that it keeps; null when it keeps none (any more).</param>
/// <param name="WalStatus">reserved, extended, unreserved, lost; null when it keeps none.</param>
public sealed record SlotStatus(string Name, bool IsActive, Lsn? RestartLsn, string? WalStatus)
{
    /// <summary>The follower can no longer catch up from here and has to be copied again.</summary>
    public bool IsLost => WalStatus == "lost";
}
