namespace Matriarch.Topology.Tests;

internal enum FaultyProxyMode
{
    /// <summary>Bytes go both ways.</summary>
    Pass,

    /// <summary>Requests arrive, replies vanish, connections stay open.</summary>
    SwallowReplies,

    /// <summary>Requests arrive; the first byte of a reply closes the connection.</summary>
    CloseOnReply,

    /// <summary>Nothing arrives on either side; connections stay open.</summary>
    Silent,

    /// <summary>Nobody listens, and open connections are closed.</summary>
    Refuse,
}
