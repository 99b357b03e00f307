using System.Buffers;

namespace Matriarch.Core;

/// <summary>Which cluster a process belongs to. Every agent and gateway has this section.</summary>
[OptionsSection("cluster")]
public sealed class ClusterOptions : IValidatedOptions
{
    private static readonly SearchValues<char> IdAlphabet = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>
    /// The identity of the cluster, drawn at random when it is made. Processes of different clusters never talk to each
    /// other.
    /// </summary>
    [Setting("Identity of the cluster, drawn when it was made: 8 to 64 of a-z, 0-9 and -.")]
    public string Id { get; set; } = "";

    /// <summary>The name of the instance (one primary and its replicas).</summary>
    [Setting("Name of the instance: a lower-case letter, then up to 39 of a-z, 0-9 and _.")]
    public string Instance { get; set; } = "main";

    public IEnumerable<string> Validate()
    {
        if (Id.Length is < 8 or > 64 || Id.AsSpan().ContainsAnyExcept(IdAlphabet))
        {
            yield return "cluster.id: must be 8 to 64 of a-z, 0-9 and -, the same for all processes of a cluster";
        }

        if (!NodeId.IsValid(Instance))
        {
            yield return "cluster.instance: must be a lower-case letter, then up to 39 of a-z, 0-9 and _";
        }
    }
}
