namespace Matriarch.Wire;

/// <summary>First bytes of what CopyData carries in streaming replication (PostgreSQL documentation, "Streaming
/// Replication Protocol").</summary>
public static class ReplicationCode
{
    public const byte XLogData = (byte)'w';
    public const byte PrimaryKeepalive = (byte)'k';
    public const byte StandbyStatusUpdate = (byte)'r';
    public const byte HotStandbyFeedback = (byte)'h';
}
