namespace Matriarch.Topology;

/// <summary>How far the one bootstrap of an instance is.</summary>
public enum BootstrapState
{
    /// <summary>A node may make the first data directory; nobody else may.</summary>
    Claimed,

    /// <summary>The instance exists; its system identifier is known.</summary>
    Done,
}
