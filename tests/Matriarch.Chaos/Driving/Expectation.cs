using System.Collections.Immutable;
using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>What may be expected of a cluster while faults last.</summary>
internal static class Expectation
{
    /// <summary>
    /// Whether writes have to come back before anything is put right: at most one host cannot do its part, it is not
    /// the clients' own, and two of the nodes that can do theirs reach each other.
    /// </summary>
    /// <remarks>
    /// Without the last condition two harmless faults were one that stops: a replica without data, and the link between
    /// the primary and the other replica cut. No two copies could take a write, and none may.
    /// </remarks>
    /// <param name="hurt">The hosts that cannot do their part.</param>
    /// <param name="separated">Whether the link between two hosts is cut, in one direction at least.</param>
    public static bool WritesComeBack(ImmutableHashSet<string> hurt, Func<string, string, bool> separated)
    {
        var able = LabNetwork.Nodes.Where(n => !hurt.Contains(n)).ToList();
        return hurt.Count <= 1 && !hurt.Contains(LabNetwork.Client)
            && able.Any(one => able.Any(other => one != other && !separated(one, other)));
    }
}
