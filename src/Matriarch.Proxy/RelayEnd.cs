using System.Net.Sockets;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>Why a session ended: the first cause, not what followed from it.</summary>
public abstract record RelayEnd
{
    private RelayEnd() { }

    /// <summary>The client said goodbye or closed its connection.</summary>
    public sealed record ClientClosed : RelayEnd
    {
        public override string ToString() => "the client closed the connection";
    }

    /// <summary>The connection to the client failed.</summary>
    public sealed record ClientLost(SocketError Error) : RelayEnd
    {
        public override string ToString() => $"the connection to the client failed: {Error}";
    }

    /// <summary>The server ended the session, with a FATAL error of its own.</summary>
    public sealed record ServerClosed(string? SqlState) : RelayEnd
    {
        public override string ToString() => $"the server ended the session ({SqlState ?? "no error"})";
    }

    /// <summary>The server closed the connection without a word, or the connection failed.</summary>
    public sealed record ServerLost(SocketError Error) : RelayEnd
    {
        public override string ToString() => $"the connection to the server was lost: {Error}";
    }

    /// <summary>The relay was asked to end the session.</summary>
    public sealed record Ended(ServerMessage Reason) : RelayEnd
    {
        public override string ToString() => Reason.Message;
    }

    /// <summary>The session was taken off the relay at a transaction edge; both connections are open.</summary>
    public sealed record Parked(ParkedSession Session) : RelayEnd
    {
        public override string ToString() => "the session is parked";
    }

    /// <summary>One side sent bytes that are not the protocol.</summary>
    public sealed record Violation(string What) : RelayEnd
    {
        public override string ToString() => What;
    }
}
