using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;
using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>All options of an agent process, each validated before the process starts.</summary>
public sealed record AgentSettings(
    ClusterOptions Cluster,
    NodeOptions Node,
    ApiOptions Api,
    HeartbeatOptions Heartbeat,
    PostgresOptions Postgres,
    SecretsOptions Secrets,
    TopologyOptions Topology,
    ConsensusOptions Consensus,
    LogOptions Log);
