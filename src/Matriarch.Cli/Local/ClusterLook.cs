using Matriarch.Client;

namespace Matriarch.Cli;

/// <summary>One look at a starting cluster.</summary>
/// <param name="Status">What its agents say.</param>
/// <param name="GatewayAnswers">Whether a <c>SELECT 1</c> through the gateway has worked.</param>
/// <param name="Missing">What is not as it should be, one line each; none when the cluster is ready.</param>
/// <param name="SuspectProcess">The process whose log explains most; null when none is to blame.</param>
/// <param name="HasDeadProcess">A process that was started has ended: waiting on will not help.</param>
internal sealed record ClusterLook(
    ClusterStatus Status,
    bool GatewayAnswers,
    IReadOnlyList<string> Missing,
    string? SuspectProcess,
    bool HasDeadProcess)
{
    /// <summary>Everything serves.</summary>
    public bool IsReady => Missing.Count == 0;
}
