namespace Matriarch.Core;

/// <summary>A member whose acknowledgement counts for durability, in one particular life of its promises.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Incarnation">The life of its promises.</param>
/// <param name="Cell">The failure domain in which its copies lie; empty is a cell like any other.</param>
public readonly record struct Voter(NodeId Node, Incarnation Incarnation, string Cell = "")
{
    private readonly string? _cell = Cell;

    /// <summary>The failure domain in which its copies lie; empty is a cell like any other.</summary>
    public string Cell
    {
        get => _cell ?? "";
        init => _cell = value;
    }

    public override string ToString() => Cell.Length == 0 ? $"{Node}@{Incarnation}" : $"{Node}@{Incarnation}/{Cell}";
}
