using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// What an agent tells about its node beside consensus: where things are, and what people want to see.
/// </summary>
/// <param name="Cell">Its failure domain.</param>
/// <param name="Host">Where its PostgreSQL listens.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Api">host:port of its HTTP API.</param>
/// <param name="Heartbeat">host:port of its UDP socket.</param>
/// <param name="AgentPid">Process id of the agent.</param>
/// <param name="PostmasterPid">Process id of PostgreSQL; null while it does not run.</param>
/// <param name="Role">What the node is to clients.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Lsn">Primary: flushed; standby: replayed.</param>
/// <param name="Timeline">Of that LSN.</param>
/// <param name="UptimeSeconds">Since PostgreSQL started; null while it does not run.</param>
/// <param name="HasData">Whether there is a data directory.</param>
/// <param name="Observer">It only replicates.</param>
/// <param name="Tags">Words by which clients may ask for it.</param>
/// <param name="Reason">Why it is not what it should be; null when all is well.</param>
/// <param name="Pause">The newest pause that it knows; null when it knows of none.</param>
/// <param name="Step">What it is in the middle of, one of <see cref="NodeStep"/>; null for nothing.</param>
/// <param name="Slots">Its logical slots; null from an agent that does not know of them.</param>
/// <param name="Carries">Its agent uses the store of its cell; false too where the cell has none.</param>
/// <param name="Probe">Its own clock, to be given back by a leader; see <see cref="StalenessTracker"/>.</param>
/// <param name="Echo">
/// Of a serving leader: the receiver's newest probe that came before the look that <paramref name="Lsn"/> is of; null
/// for none.
/// </param>
internal sealed record NodeFacts(
    string Cell,
    string Host,
    int Port,
    string Api,
    string Heartbeat,
    int AgentPid,
    int? PostmasterPid,
    NodeRole Role,
    NodeState State,
    ulong Lsn,
    uint Timeline,
    double? UptimeSeconds,
    bool HasData,
    bool Observer,
    ImmutableArray<string> Tags,
    string? Reason,
    PauseState? Pause = null,
    string? Step = null,
    SlotFacts? Slots = null,
    bool Carries = false,
    Probe? Probe = null,
    Probe? Echo = null);
