namespace Matriarch.Core;

/// <summary>The physical replication slot that a follower uses on whichever node leads.</summary>
public readonly record struct SlotName(string Value)
{
    /// <summary>
    /// Prefix by which Matriarch tells its own slots from a user's; a slot without it is never touched.
    /// </summary>
    public const string Prefix = "matriarch_";

    /// <summary>The slot of a follower.</summary>
    public static SlotName For(NodeId follower) => new(Prefix + follower.Value);

    public override string ToString() => Value;
}
