namespace Matriarch.Bench.Failover;

/// <summary>The settings of Patroni that decide how fast it is; seconds.</summary>
/// <param name="Name">As in options and results.</param>
/// <param name="Ttl">Life of the leader key.</param>
/// <param name="LoopWait">Between two looks.</param>
/// <param name="RetryTimeout">How long the store and PostgreSQL may be silent.</param>
internal sealed record PeerTempo(string Name, int Ttl, int LoopWait, int RetryTimeout)
{
    /// <summary>What Patroni has when nothing is set.</summary>
    public static readonly PeerTempo Default = new("default", 30, 10, 10);

    /// <summary>The lowest that Patroni 3.0 documents as supported.</summary>
    public static readonly PeerTempo Lowest = new("lowest", 20, 1, 3);
}
