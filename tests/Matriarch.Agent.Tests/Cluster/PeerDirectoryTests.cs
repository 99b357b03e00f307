using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.Agent.Tests;

public sealed class PeerDirectoryTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-peers-").FullName;

    [Fact]
    public async Task Nodes_may_come_and_go_while_others_look()
    {
        var peers = new PeerDirectory(new NodeId("self"), 100, Path.Combine(_directory, "peers.json"), TestTime.Real);
        var facts = Pictures.Facts(NodeRole.Replica, NodeState.Streaming) with { Heartbeat = "127.0.0.1:1" };
        var nodes = Enumerable.Range(0, 10).Select(i => new NodeId($"n{i}")).ToArray();
        using var over = new CancellationTokenSource();
        var looking = Task.Run(() =>
        {
            var most = 0;
            while (!over.IsCancellationRequested)
            {
                most = Math.Max(most, peers.Entries.Count);
            }

            return most;
        });
        for (var round = 0; round < 200; round++)
        {
            foreach (var node in nodes)
            {
                peers.Registered(node, facts);
            }

            peers.ForgetRemoved([], _ => false, TimeSpan.Zero);
        }

        await over.CancelAsync();
        Assert.InRange(await looking, 1, nodes.Length);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
