using Matriarch.Consensus;

namespace Matriarch.Agent;

/// <summary>A switchover is announced: the driver tells when no transaction of a client runs any more.</summary>
internal sealed partial class Driver
{
    private long _checkpointAt;
    private ulong _drain;
    private ulong _drained;

    /// <summary>
    /// A fast shutdown ends with a checkpoint; what is written before it need not be written while clients wait.
    /// Bounded, and no failure: the shutdown then takes longer.
    /// </summary>
    public async Task PrepareHandoverAsync(CancellationToken cancellation)
    {
        if (await server.PrepareHandoverAsync(HandoverDeadline, cancellation) is not Postgres.ServerOutcome.Failed)
        {
            Volatile.Write(ref _checkpointAt, time.GetTimestamp());
        }
    }

    /// <summary>Watches for the end of the transactions from now on. Called on the consensus thread.</summary>
    public void Drain(ulong drain)
    {
        Volatile.Write(ref _drain, drain);
        _wake.Set();
    }

    /// <summary>
    /// Asked each <see cref="BusyInterval"/> while the announcement stands. Gateways first: one that has not heard of
    /// it yet may have sessions that look idle, and are about to begin something.
    /// </summary>
    private async Task WatchDrainAsync(CancellationToken cancellation)
    {
        var drain = Volatile.Read(ref _drain);
        if (drain != _drained && draining.IsAnnounced() && draining.HaveGatewaysParked()
            && await server.CountBusyClientsAsync(cancellation) == 0)
        {
            _drained = drain;
            post(new ConsensusEvent.Drained(drain));
        }
    }

    private bool IsCheckpointRecent =>
        Volatile.Read(ref _checkpointAt) is var at && at != 0 && time.GetElapsedTime(at) < HandoverDeadline;
}
