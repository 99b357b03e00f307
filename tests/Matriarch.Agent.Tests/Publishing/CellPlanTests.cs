using Matriarch.Core;
using Matriarch.Topology;

namespace Matriarch.Agent.Tests;

/// <summary>Who writes what into the store of a cell. The agent is that of b, in the cell west with a.</summary>
public sealed class CellPlanTests
{
    private const string West = "west";
    private static readonly NodeId B = new("b");

    [Fact]
    public void What_is_missing_is_written_by_anyone_who_can()
    {
        KnownNode[] others = [Other("a", West, isHeard: false), Other("c", "east", isHeard: false)];

        Assert.Equal(["a", "c"], Write([], others, isCarrier: false, isAwake: false));
    }

    [Fact]
    public void A_node_of_the_cell_writes_itself_and_is_not_overwritten_by_what_others_heard_later()
    {
        var held = Record("a", West) with { State = NodeState.Streaming };
        var heard = Other("a", West, carries: true) with
        {
            Record = Record("a", West) with { State = NodeState.Joining },
        };

        Assert.Empty(Write([held], [heard]));
        Assert.Empty(Write([held], [heard with { IsHeard = false }]));
    }

    [Fact]
    public void A_node_of_the_cell_that_does_not_use_its_store_is_carried()
    {
        var heard = Other("a", West) with { Record = Record("a", West) with { State = NodeState.Joining } };

        Assert.Equal(["a"], Write([Record("a", West)], [heard]));
    }

    [Fact]
    public void Another_cell_is_carried_by_one_agent_only()
    {
        var heard = Other("c", "east") with { Record = Record("c", "east") with { State = NodeState.Joining } };

        Assert.Equal(["c"], Write([Record("c", "east")], [heard]));
        Assert.Empty(Write([Record("c", "east")], [heard], isCarrier: false));
    }

    [Fact]
    public void Silence_is_written_down_only_by_who_has_been_awake_to_hear_it()
    {
        var silent = Other("c", "east", isHeard: false) with
        {
            Record = Record("c", "east") with { Role = NodeRole.Unknown, State = NodeState.Unreachable },
        };

        Assert.Empty(Write([Record("c", "east")], [silent], isAwake: false));
        Assert.Equal(["c"], Write([Record("c", "east")], [silent], isAwake: true));
    }

    [Fact]
    public void A_lag_alone_is_written_only_when_it_is_due()
    {
        var further = Other("c", "east") with { Record = Record("c", "east") with { LagBytes = 7 } };

        Assert.Empty(Write([Record("c", "east")], [further], isLagDue: false));
        Assert.Equal(["c"], Write([Record("c", "east")], [further], isLagDue: true));
    }

    [Fact]
    public void Of_the_agents_of_a_cell_that_use_its_store_and_are_heard_the_lowest_carries()
    {
        Assert.True(CellPlan.IsCarrier(B, West, []));
        Assert.True(CellPlan.IsCarrier(B, West, [Other("c", West, carries: true)]));
        Assert.True(CellPlan.IsCarrier(B, West, [Other("a", "east", carries: true)]));
        Assert.True(CellPlan.IsCarrier(B, West, [Other("a", West, carries: false)]));
        Assert.True(CellPlan.IsCarrier(B, West, [Other("a", West, isHeard: false, carries: true)]));
        Assert.False(CellPlan.IsCarrier(B, West, [Other("a", West, carries: true)]));
    }

    private static string[] Write(
        NodeRecord[] held, KnownNode[] others, bool isCarrier = true, bool isAwake = true, bool isLagDue = true) =>
        [.. CellPlan.ToWrite(held, others, West, isCarrier, isAwake, isLagDue).Select(r => r.Name.Value)];

    private static KnownNode Other(string name, string cell, bool isHeard = true, bool carries = false) =>
        new(Record(name, cell), isHeard, carries);

    private static NodeRecord Record(string name, string cell) => new(
        new NodeId(name), cell, "127.0.0.1", 1, "127.0.0.1:2", "127.0.0.1:3", new Incarnation(1), false, [],
        NodeRole.Replica, NodeState.Streaming, 0, true);
}
