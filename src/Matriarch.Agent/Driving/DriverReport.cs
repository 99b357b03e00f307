using Matriarch.Consensus;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>The driver's latest look at PostgreSQL.</summary>
/// <param name="Status">What consensus was told.</param>
/// <param name="Snapshot">The server's own words; null when it does not run or does not answer.</param>
/// <param name="Activity">What the driver is busy with.</param>
/// <param name="PostmasterPid">Null while PostgreSQL does not run.</param>
/// <param name="Reason">Why the node is not what it should be; null when all is well.</param>
internal sealed record DriverReport(
    PostgresStatus Status, ServerSnapshot? Snapshot, DriverActivity Activity, int? PostmasterPid, string? Reason)
{
    /// <summary>The look that <see cref="Snapshot"/> is of; null without one.</summary>
    public DriverLook? Look { get; init; }

    /// <summary>Before the first look.</summary>
    public static readonly DriverReport Nothing = new(PostgresStatus.Unknown, null, DriverActivity.None, null, null);
}
