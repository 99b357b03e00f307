namespace Matriarch.Client;

/// <summary>Asks all agents of a local cluster at once and composes their answers.</summary>
public sealed class ClusterStatusReader : IDisposable
{
    private readonly LocalCluster _cluster;
    private readonly AgentClient[] _clients;

    public ClusterStatusReader(LocalCluster cluster)
    {
        _cluster = cluster;
        _clients = [.. cluster.Nodes.Select(cluster.Connect)];
    }

    /// <summary>Never fails: an agent that does not answer in time is part of the answer.</summary>
    public async Task<ClusterStatus> ReadAsync(CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(_clients.Select(c => c.StatusAsync(cancellation)));
        var byNode = _cluster.Nodes.Zip(answers).ToDictionary(p => p.First.Name, p => p.Second, StringComparer.Ordinal);
        return StatusComposer.Compose(_cluster, byNode);
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }
}
