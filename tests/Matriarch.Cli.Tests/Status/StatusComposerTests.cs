using Matriarch.Client;
using Matriarch.Core;
using static Matriarch.Cli.Tests.Samples;

namespace Matriarch.Cli.Tests;

public sealed class StatusComposerTests
{
    [Fact]
    public void The_answer_with_the_highest_term_says_who_leads()
    {
        var status = Compose(
            ("a", Says(Instance(4, "a", Primary("a"), Replica("b"), Replica("c")))),
            ("b", Says(Instance(5, "b", Replica("a"), Primary("b"), Replica("c")))),
            ("c", Says(Instance(4, "a", Primary("a"), Replica("b"), Replica("c")))));

        Assert.Equal((5, "b"), (status.Term, status.Primary));
        Assert.Equal(NodeRole.Primary, status.Nodes.Single(n => n.Name == "b").Role);
    }

    [Fact]
    public void Within_a_term_the_higher_revision_is_newer()
    {
        var status = Compose(
            ("a", Says(Instance(4, null, Primary("a")) with { Revision = 1 })),
            ("b", Says(Instance(4, "a", Primary("a")) with { Revision = 2 })),
            ("c", IsSilent()));

        Assert.Equal("a", status.Primary);
    }

    [Fact]
    public void An_agent_that_has_not_heard_of_the_newest_term_is_not_shown_as_primary()
    {
        var status = Compose(
            ("a", Says(Instance(4, "a", Primary("a")))),
            ("b", Says(Instance(5, "b", Node("a", NodeRole.Unknown, NodeState.Detached), Primary("b")))),
            ("c", IsSilent()));

        Assert.Equal(["b"], status.Nodes.Where(n => n.Role == NodeRole.Primary).Select(n => n.Name));
    }

    [Fact]
    public void A_node_whose_agent_is_silent_is_unreachable_whatever_the_others_believe()
    {
        var status = Compose(
            ("a", IsSilent("no answer within 2 s")),
            ("b", Says(Instance(4, "a", Primary("a"), Replica("b"), Replica("c")))),
            ("c", Says(Instance(4, "a", Primary("a"), Replica("b"), Replica("c")))));

        var a = status.Nodes.Single(n => n.Name == "a");
        Assert.Equal((NodeState.Unreachable, NodeRole.Unknown), (a.State, a.Role));
        Assert.Null(a.AgentPid);
        Assert.Equal("its agent does not answer: no answer within 2 s", a.Reason);
    }

    [Fact]
    public void Nodes_that_nobody_mentions_are_still_there()
    {
        var status = Compose(("a", IsSilent()), ("b", IsSilent()), ("c", IsSilent()));

        Assert.Equal(["a", "b", "c"], status.Nodes.Select(n => n.Name));
        Assert.All(status.Nodes, n => Assert.Equal(NodeState.Unreachable, n.State));
        Assert.Equal((0, null), (status.Term, status.Primary));
    }

    [Fact]
    public void About_its_own_server_an_agent_knows_best()
    {
        var status = Compose(
            ("a", Says(Instance(4, "a", Primary("a"), Node("b", NodeRole.Replica, NodeState.Starting)))),
            ("b", Says(Instance(4, "a", Replica("b") with { PostmasterPid = 99 }))),
            ("c", IsSilent()));

        var b = status.Nodes.Single(n => n.Name == "b");
        Assert.Equal((NodeState.Streaming, 99), (b.State, b.PostmasterPid));
    }

    [Fact]
    public void A_lag_that_nobody_tells_is_the_distance_to_the_primary()
    {
        var status = Compose(
            ("a", Says(Instance(4, "a", Primary("a") with { Lsn = "0/3000200" }))),
            ("b", Says(Instance(4, "a", Replica("b") with { Lsn = "0/3000100", LagBytes = null }))),
            ("c", IsSilent()));

        Assert.Equal(0x100, status.Nodes.Single(n => n.Name == "b").LagBytes);
    }

    [Fact]
    public void Of_the_instance_the_newest_answer_tells_and_of_itself_every_agent()
    {
        var status = Compose(
            ("a", Says(Instance(4, "a", Primary("a")) with
            {
                Facts = [Fact("health", "degraded", FactSeverity.Warning, "old"), Own("a", FactSeverity.Ok)],
            })),
            ("b", Says(Instance(5, "b", Primary("b")) with
            {
                Facts = [Fact("health", "healthy", FactSeverity.Ok, "new"), Own("b", FactSeverity.Error)],
            })),
            ("c", IsSilent()));

        Assert.Equal(["error b", "ok new", "ok a"], status.Facts!.Select(f =>
            $"{Wording.Word(f.Severity)} {f.Node ?? f.Text}"));

        static FactEntry Own(string node, FactSeverity severity) =>
            Fact("store", "store", severity, "its own", 0, node, FactScope.Node);
    }

    private static InstanceStatus Compose(params (string Node, AgentAnswer<StatusDocument> Answer)[] answers) =>
        StatusComposer.Compose(Cluster(), Answers(answers)).Instance("main")!;
}
