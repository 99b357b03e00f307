namespace Matriarch.Agent;

/// <summary>
/// The status under the names that Patroni's REST API gives it (<c>GET /patroni</c> there), so that monitoring made for
/// it reads it as it is. Members that are null are left out, as there.
/// </summary>
/// <param name="State">running, starting, stopped, creating replica, start failed.</param>
/// <param name="Role">primary or replica.</param>
/// <param name="PostmasterStartTime">With a space and an offset: <c>2026-11-20 08:00:00.000000+00:00</c>.</param>
/// <param name="ServerVersion">server_version_num, for example 150014.</param>
/// <param name="Xlog">Positions; null while PostgreSQL does not answer.</param>
/// <param name="Timeline">Of those positions.</param>
/// <param name="ReplicationState">streaming on a standby that streams.</param>
/// <param name="DatabaseSystemIdentifier">Identity of the instance.</param>
/// <param name="Pause">True while elections are held off by an operator.</param>
/// <param name="Patroni">Who answers.</param>
internal sealed record PatroniDocument(
    string State,
    string Role,
    string? PostmasterStartTime,
    int? ServerVersion,
    PatroniDocument.Positions? Xlog,
    long? Timeline,
    string? ReplicationState,
    string? DatabaseSystemIdentifier,
    bool? Pause,
    PatroniDocument.Identity Patroni)
{
    /// <summary>WAL positions as byte counts.</summary>
    /// <param name="Location">Primary: end of its WAL.</param>
    /// <param name="ReceivedLocation">Standby: received and durable.</param>
    /// <param name="ReplayedLocation">Standby: replayed.</param>
    internal sealed record Positions(ulong? Location, ulong? ReceivedLocation, ulong? ReplayedLocation);

    /// <summary>Who answers.</summary>
    /// <param name="Version">Of Matriarch.</param>
    /// <param name="Scope">The instance.</param>
    /// <param name="Name">The node.</param>
    internal sealed record Identity(string Version, string Scope, string Name);
}
