using Matriarch.Client;
using Matriarch.Core;
using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>Refuses to start as a node that another agent leads already.</summary>
internal static class NameClaim
{
    /// <summary>
    /// Asks the agent that is registered under this name, if it is another one. Where no store can be asked, or that
    /// agent does not answer, there is nothing to see, and the other nodes go by who was there first.
    /// </summary>
    /// <exception cref="UserException">It answers.</exception>
    public static Task RequireFreeAsync(
        NodeId self, string ownApi, Incarnation incarnation, string token, IEnumerable<InstanceDirectory> directories,
        CancellationToken cancellation) => Task.WhenAll(
            directories.Select(d => RequireFreeAsync(self, ownApi, incarnation, token, d, cancellation)));

    private static async Task RequireFreeAsync(
        NodeId self, string ownApi, Incarnation incarnation, string token, InstanceDirectory directory,
        CancellationToken cancellation)
    {
        NodeRecord? record;
        try
        {
            record = await directory.GetNodeAsync(self, cancellation);
        }
        catch (StoreUnavailableException)
        {
            return;
        }

        if (record is null || record.Incarnation == incarnation || record.Api == ownApi
            || !Uri.TryCreate($"http://{record.Api}", UriKind.Absolute, out var address))
        {
            return;
        }

        using var client = new AgentClient(address, token);
        if (await client.LocalAsync(cancellation) is AgentAnswer<LocalStatus>.Answered { Value: var other }
            && other.Node == self.Value)
        {
            throw new UserException(
                $"there is a node {self} already: its agent answers on {record.Api}",
                "give this node another node.name, or stop that agent first");
        }
    }
}
