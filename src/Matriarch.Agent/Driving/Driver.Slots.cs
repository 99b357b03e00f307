using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>Logical slots come along whenever PostgreSQL starts, and sometimes it is restarted for them.</summary>
internal sealed partial class Driver
{
    private static readonly TimeSpan CheckpointDeadline = TimeSpan.FromSeconds(30);

    /// <summary>
    /// It is this standby's turn: stops PostgreSQL and puts the slots there; the next round starts it, as after any
    /// other end. Everything that takes long comes before the stop.
    /// </summary>
    private async Task RestartForSlotsAsync(Posture.Following wanted, Upstream upstream, CancellationToken changed)
    {
        // First, so that the stop has little to write and the start little to replay.
        await server.CheckpointAsync(CheckpointDeadline, changed);
        var copies = await slots.Carrier.FetchAsync(upstream, changed);
        if (copies.IsEmpty)
        {
            return;
        }

        events.Add(
            "logical-slots-loading", NoticeSeverity.Info, wanted.Term,
            $"{self} restarts its PostgreSQL to load logical slots: {string.Join(", ", copies.Select(c => c.Name))}");
        await StopAsync(ShutdownMode.Fast);
        slots.Carrier.Install(copies, wanted.Term);
    }

    /// <summary>PostgreSQL is about to start and to follow: what is missing goes with it.</summary>
    private async Task CarrySlotsAsync(Upstream upstream, CancellationToken changed)
    {
        if (!IsRunning && server.Adopt() is null)
        {
            slots.Carrier.Install(await slots.Carrier.FetchAsync(upstream, changed), upstream.Term);
        }
    }
}
