using Matriarch.Core;
using Matriarch.Gateway;
using Matriarch.Topology;

namespace Matriarch.Cli;

/// <summary>The settings of a gateway process, one options class per subsystem.</summary>
internal sealed record GatewaySettingsSet
{
    public ClusterOptions Cluster { get; } = new();

    public GatewayOptions Gateway { get; } = new();

    public ApiOptions Api { get; } = new();

    public SecretsOptions Secrets { get; } = new();

    public TopologyOptions Topology { get; } = new();

    public LogOptions Log { get; } = new();

    /// <summary>All of them, in the order in which they are shown.</summary>
    public object[] All() => [Cluster, Gateway, Api, Secrets, Topology, Log];
}
