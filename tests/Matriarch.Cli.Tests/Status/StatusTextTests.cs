using System.Text.Json;
using Matriarch.Client;
using Matriarch.Core;
using Spectre.Console;
using static Matriarch.Cli.Tests.Samples;

namespace Matriarch.Cli.Tests;

public sealed class StatusTextTests
{
    [Fact]
    public void A_healthy_cluster_is_one_headline_and_one_table() => Assert.Equal(
        """
        instance main, term 5, primary b, durability majority (2 of 3)

          NODE  CELL  ROLE     STATE            LSN     LAG  UPTIME  ADDRESS          POSTGRES  AGENT
          a     a     replica  streaming  0/3000148     0 B  1m 15s  127.0.0.1:20001      4711   4700
          b     b     primary  serving    0/3000148       -  1m 15s  127.0.0.1:20002      4711   4700
          c     c     replica  streaming  0/3000148  2.0 MB  1m 15s  127.0.0.1:20003      4711   4700
        """,
        Render(Instance(5, "b", Replica("a"), Primary("b"), Replica("c") with { LagBytes = 2 << 20 })));

    [Fact]
    public void What_is_wrong_stands_below_the_table() => Assert.Equal(
        """
        instance main, term 5, timeline 4, no primary, durability majority (2 of 3)

          NODE  CELL  ROLE     STATE              LSN  LAG  UPTIME  ADDRESS          POSTGRES  AGENT
          a     a     -        unreachable          -    -       -  127.0.0.1:20001         -      -
          b     b     replica  streaming    0/3000148  0 B  1m 15s  127.0.0.1:20002      4711   4700

          a: its agent does not answer: connection refused
        """,
        Render(Instance(
            5,
            null,
            new NodeStatus(
                "a", "a", NodeRole.Unknown, NodeState.Unreachable, "127.0.0.1", 20001, null, null, null, null, null,
                "its agent does not answer: connection refused"),
            Replica("b")) with { Timeline = 4 }));

    [Fact]
    public void Words_of_agents_cannot_be_taken_for_markup()
    {
        var text = Render(Instance(5, "b", Primary("b") with { Reason = "[red]WAL[/] is [missing" }));

        Assert.Contains("b: [red]WAL[/] is [missing", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_documented_shape()
    {
        using var json = JsonDocument.Parse(Json.Text(new StatusDocument([Instance(5, "b", Primary("b"))])));

        var instance = json.RootElement.GetProperty("instances")[0];
        Assert.Equal(
            ["name", "term", "timeline", "primary", "durability", "nodes", "revision", "voters", "paused"],
            instance.EnumerateObject().Select(p => p.Name));
        var node = instance.GetProperty("nodes")[0];
        Assert.Equal(
            ["name", "cell", "role", "state", "host", "port", "postmasterPid", "agentPid", "lsn", "lagBytes",
                "uptimeSeconds", "reason"],
            node.EnumerateObject().Select(p => p.Name));
        Assert.Equal("primary", node.GetProperty("role").GetString());
        Assert.Equal("serving", node.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, node.GetProperty("lagBytes").ValueKind);
    }

    private static string Render(InstanceStatus instance)
    {
        var writer = new StringWriter();
        var console = Consoles.Create(writer, isRedirected: true, _ => null);
        foreach (var line in StatusText.Lines(new StatusDocument([instance])))
        {
            console.MarkupLine(line);
        }

        return writer.ToString().TrimEnd();
    }
}
