namespace Matriarch.Client;

/// <summary>What all agents of a cluster said, made one.</summary>
/// <param name="Document">The composed status; nodes whose agent did not answer are in it, as unreachable.</param>
/// <param name="Silent">The nodes whose agent did not answer, with the reason.</param>
/// <param name="Answered">How many agents answered.</param>
public sealed record ClusterStatus(
    StatusDocument Document, IReadOnlyDictionary<string, string> Silent, int Answered)
{
    /// <summary>The instance, or null.</summary>
    public InstanceStatus? Instance(string name) =>
        Document.Instances.FirstOrDefault(i => string.Equals(i.Name, name, StringComparison.Ordinal));
}
