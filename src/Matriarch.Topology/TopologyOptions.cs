using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>Where a process finds the topology store.</summary>
[OptionsSection("topology")]
public sealed class TopologyOptions : IValidatedOptions
{
    /// <summary>The address; see <see cref="TopologyStores"/>.</summary>
    [Setting("Topology store: sqlite:/absolute/path/topology.db (one file shared by the processes of one machine).")]
    public string Store { get; set; } = "";

    public IEnumerable<string> Validate()
    {
        if (TopologyStores.FindFault(Store) is { } fault)
        {
            yield return $"topology.store: {fault}";
        }
    }
}
