using Matriarch.Core;
using Matriarch.Proxy;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

internal sealed partial class ClientServing
{
    [LoggerMessage(
        EventId = 5020, Level = LogLevel.Debug, Message = "A connection ended before its session began: {Why}")]
    private partial void LogClientLost(string why);

    [LoggerMessage(EventId = 5021, Level = LogLevel.Information, Message = "Refused a client ({SqlState}): {Why}")]
    private partial void LogRefused(string sqlState, string why);

    [LoggerMessage(EventId = 5022, Level = LogLevel.Information, Message = "Could not open a session on {Node}: {Why}")]
    private partial void LogAttemptFailed(NodeId node, string why);

    [LoggerMessage(
        EventId = 5023, Level = LogLevel.Debug, Message = "Session {Session} opened on {Node}, primary {IsPrimary}")]
    private partial void LogOpened(long session, NodeId node, bool isPrimary);

    [LoggerMessage(EventId = 5024, Level = LogLevel.Debug,
        Message =
            "Session {Session} on {Node} ended: {End}; {BytesToServer} bytes to the server, {BytesToClient} back")]
    private partial void LogClosed(long session, NodeId node, RelayEnd end, long bytesToServer, long bytesToClient);

    [LoggerMessage(EventId = 5025, Level = LogLevel.Debug, Message = "A cancel request named no session")]
    private partial void LogCancelUnknown();

    [LoggerMessage(EventId = 5026, Level = LogLevel.Information,
        Message = "Session {Session} is committing: its cancel request was not passed on")]
    private partial void LogCancelDuringCommit(long session);

    [LoggerMessage(EventId = 5027, Level = LogLevel.Warning,
        Message = "The cancel request of session {Session} did not reach {Node}: {Why}")]
    private partial void LogCancelFailed(long session, NodeId node, string why);
}
