using Matriarch.Consensus;

namespace Matriarch.Agent;

/// <summary>A switchover is announced: the driver tells when no transaction of a client runs any more.</summary>
internal sealed partial class Driver
{
    private static readonly TimeSpan DrainInterval = TimeSpan.FromMilliseconds(3);

    private long _checkpointAt;
    private ulong _drain;

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

    /// <summary>
    /// Watches for the end of the transactions from now on, beside the driver's rounds: clients wait for each
    /// millisecond of it. Called on the consensus thread.
    /// </summary>
    public void Drain(ulong drain)
    {
        Volatile.Write(ref _drain, drain);
        _ = Task.Run(async () =>
        {
            try
            {
                await WatchDrainAsync(drain);
            }
            catch (Exception e)
            {
                // A bug. The drain ends at its deadline instead, and the switchover goes on.
                LogStepFailed(e, nameof(WatchDrainAsync));
            }
        });
    }

    /// <summary>
    /// Until nothing runs any more, or the announcement does not stand, which consensus sees to within its deadline.
    /// Gateways first: one that has not heard of it yet may have sessions that look idle, and are about to begin
    /// something.
    /// </summary>
    private async Task WatchDrainAsync(ulong drain)
    {
        while (drain == Volatile.Read(ref _drain) && draining.IsAnnounced() && !_isStopping)
        {
            if (draining.HaveGatewaysParked() && await server.CountBusyClientsAsync(CancellationToken.None) == 0)
            {
                post(new ConsensusEvent.Drained(drain));
                return;
            }

            await Task.Delay(DrainInterval, time);
        }
    }

    private bool IsCheckpointRecent =>
        Volatile.Read(ref _checkpointAt) is var at && at != 0 && time.GetElapsedTime(at) < HandoverDeadline;
}
