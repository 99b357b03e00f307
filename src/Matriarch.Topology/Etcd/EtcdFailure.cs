namespace Matriarch.Topology;

/// <summary>A request that did not end with an answer to use. Never leaves this project's etcd classes.</summary>
/// <param name="message">For the log.</param>
/// <param name="code">gRPC's, when etcd answered; -1 when the connection or the time failed.</param>
/// <param name="mayHaveHappened">Whether a write may have been done.</param>
/// <param name="cause">What was thrown.</param>
internal sealed class EtcdFailure(string message, int code, bool mayHaveHappened, Exception? cause = null)
    : Exception(message, cause)
{
    private const int InvalidArgument = 3;
    private const int NotFound = 5;
    private const int PermissionDenied = 7;
    private const int ResourceExhausted = 8;
    private const int FailedPrecondition = 9;
    private const int OutOfRange = 11;
    private const int Unimplemented = 12;
    private const int Unauthenticated = 16;

    public int Code => code;

    public bool MayHaveHappened => mayHaveHappened;

    /// <summary>The revision asked for has been compacted, or is still to come.</summary>
    public bool IsOutOfRange => code == OutOfRange;

    /// <summary>
    /// The token is unknown: expired, the member restarted, or rights were changed. Some of these are answered as
    /// InvalidArgument.
    /// </summary>
    public bool NeedsToken => code == Unauthenticated
        || (code == InvalidArgument
            && (Message.Contains("user name is empty", StringComparison.Ordinal)
                || Message.Contains("revision of auth store is old", StringComparison.Ordinal)));

    /// <summary>Asking another member would not help.</summary>
    public bool IsRefusal => IsRefusalCode(code);

    /// <summary>
    /// Codes that etcd answers before it proposes anything. All others (above all Unavailable, which is also "request
    /// timed out" after the proposal) leave a write undecided.
    /// </summary>
    public static bool IsRefusalCode(int code) => code is InvalidArgument or NotFound or PermissionDenied
        or ResourceExhausted or FailedPrecondition or OutOfRange or Unimplemented or Unauthenticated;
}
