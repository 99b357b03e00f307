namespace Matriarch.Core;

/// <summary>What a node is to clients.</summary>
public enum NodeRole
{
    /// <summary>Not known, or no PostgreSQL.</summary>
    Unknown,

    /// <summary>The serving leader of the current term.</summary>
    Primary,

    /// <summary>A standby of the current leader.</summary>
    Replica,
}
