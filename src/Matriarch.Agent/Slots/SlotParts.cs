using Matriarch.Postgres;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

/// <summary>The parts that look after logical slots, put together.</summary>
internal sealed class SlotParts
{
    /// <param name="server">The local server.</param>
    /// <param name="mayLead">False for an observer, which needs no copies.</param>
    /// <param name="options">postgres.*.</param>
    /// <param name="peers">The other nodes.</param>
    /// <param name="loop">The latest snapshot of consensus.</param>
    /// <param name="driver">The latest look at PostgreSQL.</param>
    /// <param name="isPaused">Whether the instance is paused.</param>
    /// <param name="events">The story for people.</param>
    /// <param name="time">Monotonic.</param>
    /// <param name="loggers">Where logs go.</param>
    public SlotParts(
        PostgresServer server, bool mayLead, PostgresOptions options, PeerDirectory peers, Func<LoopSnapshot> loop,
        Func<DriverReport> driver, Func<bool> isPaused, EventOutbox events, TimeProvider time, ILoggerFactory loggers)
    {
        var selection = new SlotSelection(options.LogicalSlots, options.IgnoredLogicalSlots);
        var ledger = new SlotLedger(server.Paths.NodeDirectory);
        Keeper = new SlotKeeper(
            server, server.Self, mayLead, selection, ledger, peers, loop, driver, events, time,
            loggers.CreateLogger<SlotKeeper>());
        Turns = new SlotTurns(server.Self, peers, loop, driver, () => Keeper.Report, isPaused, time);
        Carrier = new SlotCarrier(
            server, server.Self, mayLead, selection, ledger, peers, () => Keeper.Report, events);
    }

    /// <summary>Looks after the copies on a running standby.</summary>
    public SlotKeeper Keeper { get; }

    /// <summary>Whose turn it is to restart.</summary>
    public SlotTurns Turns { get; }

    /// <summary>Takes slots from one life of the server to the next.</summary>
    public SlotCarrier Carrier { get; }
}
