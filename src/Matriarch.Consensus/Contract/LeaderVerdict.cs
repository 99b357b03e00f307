namespace Matriarch.Consensus;

/// <summary>What one node makes of the leader that it knows. Inconclusive never acts.</summary>
public enum LeaderVerdict
{
    Inconclusive,
    Healthy,
    Failed,
}
