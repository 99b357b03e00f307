namespace Matriarch.Core;

/// <summary>A member whose acknowledgement counts for durability, in one particular life of its promises.</summary>
public readonly record struct Voter(NodeId Node, Incarnation Incarnation)
{
    public override string ToString() => $"{Node}@{Incarnation}";
}
