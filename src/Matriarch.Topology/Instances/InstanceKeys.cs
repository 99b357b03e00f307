using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>Where the records of one instance lie.</summary>
internal sealed class InstanceKeys(string instance)
{
    public const string InstancesFolder = "instances/";
    public const string NodesFolder = "nodes/";
    public const string LeadershipName = "leadership";

    public string Instance => instance;

    public StoreKey Bootstrap { get; } = new($"{InstancesFolder}{Checked(instance)}/bootstrap");

    public StoreKey Leadership { get; } = new($"{InstancesFolder}{instance}/{LeadershipName}");

    public StorePrefix Nodes { get; } = new($"{NodesFolder}{instance}/");

    public StorePrefix Events { get; } = new($"events/{instance}/");

    public StoreKey Node(NodeId node) => new($"{NodesFolder}{instance}/{node}");

    public StoreKey Event(string id) => new($"events/{instance}/{id}");

    private static string Checked(string instance) =>
        StoreKey.IsValid(instance) && !instance.Contains('/', StringComparison.Ordinal)
            ? instance
            : throw new FormatException($"\"{instance}\" cannot name an instance: use a-z, A-Z, 0-9, '.', '_' and '-'");
}
