using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>A backend that waits for the synchronous standbys, for a client or for the agent.</summary>
internal sealed class Commit(WalEntry entry, ClientWrite? write, Rule? rule, int agentEpoch)
{
    public WalEntry Entry { get; } = entry;

    public ClientWrite? Write { get; } = write;

    public Rule? Rule { get; } = rule;

    /// <summary>The agent process that asked for the rule row.</summary>
    public int AgentEpoch { get; } = agentEpoch;

    public bool IsSeenWaiting { get; set; }
}
