namespace Matriarch.Topology;

/// <summary>What a change set says.</summary>
public enum ChangeSetKind
{
    /// <summary>The first one of a watch: everything under the prefix.</summary>
    Snapshot,

    /// <summary>Only what changed since the change set before.</summary>
    Delta,

    /// <summary>
    /// Everything again, because changes may have been missed (reconnect, store replaced, wiped or restored from an
    /// old copy). It may be older than what was seen before.
    /// </summary>
    Reset,
}
