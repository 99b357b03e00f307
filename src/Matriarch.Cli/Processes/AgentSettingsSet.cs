using Matriarch.Agent;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;
using Matriarch.Topology;

namespace Matriarch.Cli;

/// <summary>The settings of an agent process, one options class per subsystem.</summary>
internal sealed record AgentSettingsSet
{
    public ClusterOptions Cluster { get; } = new();

    public NodeOptions Node { get; } = new();

    public ApiOptions Api { get; } = new();

    public HeartbeatOptions Heartbeat { get; } = new();

    public PostgresOptions Postgres { get; } = new();

    public SecretsOptions Secrets { get; } = new();

    public TopologyOptions Topology { get; } = new();

    public ConsensusOptions Consensus { get; } = new();

    public LogOptions Log { get; } = new();

    /// <summary>What an agent process is made of.</summary>
    public AgentSettings ForAgent() =>
        new(Cluster, Node, Api, Heartbeat, Postgres, Secrets, Topology, Consensus, Log);

    /// <summary>All of them, in the order in which they are shown.</summary>
    public object[] All() => [Cluster, Node, Api, Heartbeat, Postgres, Secrets, Topology, Consensus, Log];
}
