using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// Follows the messages of a server, without IO. Nearly everything passes untouched. The exception is a commit that
/// was not replicated (docs: what others get wrong, 2): when a cancel interrupts the synchronous wait, PostgreSQL
/// commits locally, sends a WARNING and then reports success (SyncRepWaitForLSN in syncrep.c). No success may reach
/// the client then:
/// <list type="number">
/// <item>The warning is known by its routine, which no setting translates and SQL cannot fake. It is passed on.</item>
/// <item>The CommandComplete that follows becomes an ErrorResponse 40003. An ErrorResponse that follows becomes one
/// too, with the server's words as its detail, because part of the work may be durable.</item>
/// <item>Where the commit belongs to a Sync, the CommandComplete came before the warning: then the error stands before
/// ReadyForQuery, where a failing deferred constraint reports too.</item>
/// <item>After an error a client expects nothing but ReadyForQuery, yet the server goes on with the rest of the
/// request: its answers are left out. Should it ask for copy data, which the client will not send, the session
/// ends.</item>
/// </list>
/// </summary>
internal sealed class ServerStream(
    RequestLedger ledger, Action<CancelKey>? keyLearned, LoginWitness? witness = null)
{
    /// <summary>Longest message that is looked at, header included; longer ones pass. PostgreSQL's own are far
    /// shorter.</summary>
    public const int MaxInspected = 8 * 1024;

    private const string SyncWaitRoutine = "SyncRepWaitForLSN";

    private int _left;
    private bool _leavesOut;
    private bool _isUnknown; // step 1 was seen, step 2 or 3 is due
    private bool _isSilenced; // step 4

    /// <summary>The node whose recovery ends the session, because the client wants the primary; null to allow
    /// it.</summary>
    public string? RefusesStandby { get; init; }

    /// <summary>Whether the client has received whole messages only.</summary>
    public bool IsAtBoundary => _left == 0 || _leavesOut;

    /// <summary>Whether the client has still to be told that an outcome is unknown.</summary>
    public bool OwesUnknownOutcome => _isUnknown;

    /// <summary>The last FATAL error that was passed on.</summary>
    public string? FatalSqlState { get; private set; }

    /// <summary>Looks at the next bytes, which continue behind those that earlier steps forwarded or left
    /// out.</summary>
    public ServerStep Scan(ReadOnlySpan<byte> data)
    {
        var at = 0;
        while (true)
        {
            var taken = Math.Min(_left, data.Length - at);
            _left -= taken;
            if (_leavesOut && taken > 0)
            {
                _leavesOut = _left > 0;
                return new ServerStep(at, taken, null, ServerNext.Scan);
            }

            at += taken;
            switch (MessageHeader.TryRead(data[at..], out var header))
            {
                case HeaderRead.Incomplete:
                    return new ServerStep(at, 0, null, ServerNext.Receive);
                case HeaderRead.Invalid:
                    return new ServerStep(at, 0, null, ServerNext.Violation);
            }

            if (IsInspected(header))
            {
                if (data.Length - at < header.TotalLength)
                {
                    return new ServerStep(at, 0, null, ServerNext.Receive);
                }

                if (Inspect(header, data.Slice(at + MessageHeader.Size, header.BodyLength)) is { } edit)
                {
                    return edit with { Forward = at };
                }
            }

            _left = header.TotalLength;
            _leavesOut = _isSilenced && !PassesSilence(header.Code);
        }
    }

    /// <summary>The error that stands for a success which is none.</summary>
    public static ServerMessage UnknownOutcome(string? serverSaid = null) => ServerMessage.Error(
        SqlState.StatementCompletionUnknown,
        "the outcome of the transaction is unknown: its synchronous replication was interrupted",
        serverSaid is null
            ? "It is committed on the primary, but may not be replicated, and is lost if that node fails now."
                + " Later statements of the same request may have run."
            : "A part of it is committed on the primary, but may not be replicated. Then the server said: "
                + serverSaid,
        "Check whether the change is there before repeating it.");

    private bool IsInspected(MessageHeader header) =>
        header.TotalLength <= MaxInspected
        && header.Code switch
        {
            BackendCode.ReadyForQuery or BackendCode.NoticeResponse or BackendCode.ErrorResponse
                or BackendCode.BackendKeyData or BackendCode.CopyInResponse or BackendCode.CopyBothResponse => true,
            BackendCode.CommandComplete => _isUnknown,
            BackendCode.Authentication => witness is { IsOver: false },
            BackendCode.ParameterStatus => RefusesStandby is not null,
            _ => false,
        };

    private static bool PassesSilence(byte code) =>
        code is BackendCode.ReadyForQuery or BackendCode.NoticeResponse or BackendCode.ParameterStatus
            or BackendCode.NotificationResponse or BackendCode.ErrorResponse; // a FATAL one; others are edited before

    /// <summary>Notes a whole message. Gives a step when it is not simply passed on.</summary>
    private ServerStep? Inspect(MessageHeader header, ReadOnlySpan<byte> body)
    {
        switch (header.Code)
        {
            case BackendCode.ReadyForQuery:
                return OnReady(body);
            case BackendCode.NoticeResponse:
                if (!_isSilenced && ServerMessage.TryParse(body) is { Severity: "WARNING", Routine: SyncWaitRoutine })
                {
                    _isUnknown = true;
                }

                return null;
            case BackendCode.ErrorResponse:
                return OnError(header, body);
            case BackendCode.BackendKeyData:
                if (CancelKey.TryParse(body) is { } key)
                {
                    keyLearned?.Invoke(key);
                }

                return null;
            case BackendCode.Authentication:
                witness!.Server(body);
                return null;
            case BackendCode.ParameterStatus:
                return body.SequenceEqual("in_hot_standby\0on\0"u8) ? RefuseStandby(header) : null;
            case BackendCode.CommandComplete:
                return Replace(header.TotalLength, UnknownOutcome());
            case BackendCode.CopyInResponse when !_isSilenced:
                ledger.CopyInStarted();
                return null;
            case BackendCode.CopyBothResponse when !_isSilenced:
                return null;
            default:
                var end = UnknownOutcome() with { Severity = "FATAL" };
                return new ServerStep(0, header.TotalLength, end.ToErrorResponse(), ServerNext.End);
        }
    }

    private ServerStep RefuseStandby(MessageHeader header)
    {
        var end = ServerMessage.Fatal(
            SqlState.CannotConnectNow,
            $"node {RefusesStandby} is not the primary any more",
            hint: "Connect again; a new primary is being chosen.");
        return new ServerStep(0, header.TotalLength, end.ToErrorResponse(), ServerNext.End);
    }

    private ServerStep? OnReady(ReadOnlySpan<byte> body)
    {
        if (ReadyForQuery.TryParse(body) is not { } status)
        {
            return new ServerStep(0, 0, null, ServerNext.Violation);
        }

        if (_isUnknown)
        {
            _isUnknown = false;
            var error = UnknownOutcome().ToErrorResponse();
            return new ServerStep(0, 0, error, ServerNext.Scan); // and then this message again
        }

        _isSilenced = false;
        ledger.Ready(status);
        return null;
    }

    private ServerStep? OnError(MessageHeader header, ReadOnlySpan<byte> body)
    {
        var error = ServerMessage.TryParse(body);
        if (error is { IsFatal: true })
        {
            FatalSqlState = error.SqlState;
            return null;
        }

        if (_isUnknown)
        {
            return Replace(header.TotalLength, UnknownOutcome(error?.Message ?? "an error"));
        }

        return _isSilenced ? new ServerStep(0, header.TotalLength, null, ServerNext.Scan) : null;
    }

    private ServerStep Replace(int length, ServerMessage error)
    {
        _isUnknown = false;
        _isSilenced = true;
        return new ServerStep(0, length, error.ToErrorResponse(), ServerNext.Scan);
    }
}
