namespace Matriarch.Proxy;

/// <summary>How to go on after a step.</summary>
internal enum ServerNext
{
    /// <summary>Scan the rest of the bytes.</summary>
    Scan,

    /// <summary>Everything that can be decided is decided: receive more.</summary>
    Receive,

    /// <summary>The bytes are not the protocol.</summary>
    Violation,

    /// <summary>The session cannot be kept in step with the server any more; what was inserted tells the
    /// client.</summary>
    End,
}

/// <summary>What to do with a chunk of server bytes: forward, then leave out, then insert, in this order.</summary>
internal readonly record struct ServerStep(int Forward, int Drop, byte[]? Insert, ServerNext Next);
