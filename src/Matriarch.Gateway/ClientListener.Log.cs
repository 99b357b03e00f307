using System.Net;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

internal sealed partial class ClientListener
{
    [LoggerMessage(EventId = 5000, Level = LogLevel.Information, Message = "The gateway listens on {Endpoint}")]
    private partial void LogListening(IPEndPoint endpoint);

    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "The gateway on {Endpoint} has stopped")]
    private partial void LogStopped(IPEndPoint endpoint);

    [LoggerMessage(
        EventId = 5002, Level = LogLevel.Warning, Message = "Closed a new connection: there are {Limit} already")]
    private partial void LogTooMany(int limit);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "Accepting a connection failed: {Why}")]
    private partial void LogAcceptFailed(string why);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Error, Message = "Serving a client failed")]
    private partial void LogServingFailed(Exception exception);
}
