using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>What came of opening a moved session on another server.</summary>
public abstract record SessionOpened
{
    private SessionOpened() { }

    /// <summary>It is as the old one was.</summary>
    /// <param name="ForClient">Bytes that the client has to be told first.</param>
    /// <param name="Key">By which the new backend can be cancelled; null when it gave none.</param>
    public sealed record Ready(byte[] ForClient, CancelKey? Key) : SessionOpened;

    /// <summary>The server could not be used: try again, perhaps elsewhere.</summary>
    public sealed record NotYet(string Why) : SessionOpened;

    /// <summary>It will never be: the session has to end.</summary>
    public sealed record Refused(string Why) : SessionOpened;
}
