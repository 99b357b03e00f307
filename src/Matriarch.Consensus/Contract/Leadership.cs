using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>A term and its one leader; the default value means that none is known.</summary>
public readonly record struct Leadership(Term Term, NodeId Leader)
{
    public override string ToString() => Leader.IsNone ? "none" : $"{Leader} at term {Term}";
}
