using Matriarch.Core;

namespace Matriarch.Topology.Tests;

public sealed class ClusterViewComposerTests
{
    private static readonly NodeRecord A = Samples.Node("a", NodeRole.Primary, NodeState.Serving);
    private static readonly NodeRecord B = Samples.Node("b");

    [Fact]
    public void The_serving_leader_is_the_primary_and_replicas_keep_their_state()
    {
        var view = Compose(Leadership(5, 1, "a"), [B, A]);
        Assert.Equal("main 5.1 a: a=Primary/Serving b=Replica/Streaming", Text(view));
        Assert.Equal(7001, view.PrimaryNode?.Port);
        var joining = Compose(Leadership(5, 1, "a"), [A, B with { State = NodeState.Joining, LagBytes = 9 }]);
        Assert.Equal("main 5.1 a: a=Primary/Serving b=Replica/Joining", Text(joining));
        Assert.Equal(9, joining.Nodes[1].LagBytes);
    }

    [Theory]
    [InlineData(NodeState.Promoting)]
    [InlineData(NodeState.Stopped)]
    [InlineData(NodeState.Unreachable)]
    [InlineData(NodeState.Starting)]
    public void A_leader_that_does_not_serve_is_no_primary(NodeState state)
    {
        var view = Compose(Leadership(5, 0, "a"), [A with { State = state }, B]);
        Assert.Equal($"main 5.0 -: a=Unknown/{state} b=Replica/Streaming", Text(view));
        Assert.Null(view.PrimaryNode);
    }

    [Theory]
    [InlineData("b", "main 6.0 b: a=Unknown/Unreachable b=Primary/Serving")]
    [InlineData(null, "main 6.0 -: a=Unknown/Unreachable b=Unknown/Unreachable")]
    public void A_node_that_says_it_serves_but_does_not_lead_is_neither_primary_nor_replica(
        string? leader, string text) =>
        Assert.Equal(text, Text(Compose(Leadership(6, 0, leader), [A, B with { State = NodeState.Serving }])));

    [Fact]
    public void A_leader_that_never_registered_is_no_primary() =>
        Assert.Equal("main 6.0 -: b=Replica/Streaming", Text(Compose(Leadership(6, 0, "c"), [B])));

    [Fact]
    public void Before_the_first_leadership_nodes_are_shown_without_a_primary() =>
        Assert.Equal(
            "main 0.0 -: a=Unknown/Empty",
            Text(Compose(null, [A with { Role = NodeRole.Unknown, State = NodeState.Empty }])));

    [Fact]
    public void A_lower_or_missing_leadership_leaves_the_last_view()
    {
        var last = Compose(Leadership(5, 1, "a"), [A, B]);
        Assert.Same(last, Compose(null, [], last));
        Assert.Same(last, Compose(Leadership(5, 0, "a"), [A], last));
        Assert.Same(last, Compose(Leadership(4, 9, "b"), [B with { State = NodeState.Serving }], last));
    }

    [Fact]
    public void A_primary_that_a_wiped_store_has_forgotten_keeps_its_address()
    {
        var last = Compose(Leadership(5, 1, "a"), [A, B]);
        Assert.Equal("main 5.1 a: a=Primary/Serving", Text(Compose(Leadership(5, 1, "a"), [], last)));
        Assert.Equal("main 6.0 -: b=Replica/Streaming", Text(Compose(Leadership(6, 0, "b"), [], last)));
    }

    [Fact]
    public void Views_are_the_same_when_everything_in_them_is()
    {
        var view = Compose(Leadership(5, 1, "a"), [A with { Tags = ["x"] }, B]);
        Assert.True(ClusterViewComposer.AreSame(view, Compose(Leadership(5, 1, "a"), [B, A with { Tags = ["x"] }])));
        Assert.False(ClusterViewComposer.AreSame(view, Compose(Leadership(5, 1, "a"), [B, A])));
        Assert.False(ClusterViewComposer.AreSame(
            view, Compose(Leadership(5, 1, "a"), [B with { LagBytes = 1 }, A with { Tags = ["x"] }])));
        Assert.False(ClusterViewComposer.AreSame(view, Compose(Leadership(5, 2, "a"), [A with { Tags = ["x"] }, B])));
    }

    internal static string Text(InstanceView view) =>
        $"{view.Name} {view.Term}.{view.Revision} {view.Primary?.Value ?? "-"}: "
        + string.Join(' ', view.Nodes.Select(n => $"{n.Name}={n.Role}/{n.State}"));

    private static LeadershipRecord Leadership(uint term, int revision, string? primary) =>
        new(new Term(term), revision, primary is null ? null : new NodeId(primary));

    private static InstanceView Compose(
        LeadershipRecord? leadership, IEnumerable<NodeRecord> nodes, InstanceView? last = null) =>
        ClusterViewComposer.Compose("main", leadership, nodes, last);
}
