using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

internal sealed partial class SessionMover
{
    [LoggerMessage(EventId = 5040, Level = LogLevel.Debug, Message = "Moved a session to {Node} as session {Session}")]
    private partial void LogMoved(long session, NodeId node);

    [LoggerMessage(EventId = 5041, Level = LogLevel.Information,
        Message = "Session {Session} on {Node} cannot be moved by a switchover: {Why}")]
    private partial void LogStays(long session, NodeId node, string why);

    [LoggerMessage(EventId = 5042, Level = LogLevel.Debug, Message = "Could not move a session to {Node} yet: {Why}")]
    private partial void LogAttemptFailed(NodeId node, string why);
}
