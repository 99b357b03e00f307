using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// Whether an operator has paused the instance. Agents tell each other with their heartbeats, and the highest version
/// wins, so that neither the topology store nor a primary is needed to pause or to resume.
/// </summary>
/// <param name="Version">Grows with every change; 0 before the first.</param>
/// <param name="By">The node whose agent took the request; decides between two requests of one version.</param>
/// <param name="IsPaused">Paused, or resumed.</param>
/// <param name="Reason">What the operator said, for other people; empty for nothing.</param>
internal sealed record PauseState(ulong Version, string By, bool IsPaused, string Reason)
{
    /// <summary>Nobody has ever paused it.</summary>
    public static readonly PauseState Never = new(0, "", false, "");

    /// <summary>Whether this replaces the other.</summary>
    public bool IsNewerThan(PauseState other) =>
        Version > other.Version
        || (Version == other.Version && string.CompareOrdinal(By, other.By) > 0);

    /// <summary>The next change, asked of this node.</summary>
    public PauseState Next(NodeId by, bool isPaused, string reason) => new(Version + 1, by.Value, isPaused, reason);
}
