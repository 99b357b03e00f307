using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

internal sealed partial class EmbeddedConnection
{
    [LoggerMessage(2000, LogLevel.Warning, "Topology store {Path} cannot be used: {Reason}. Trying again")]
    private static partial void LogOutage(ILogger logger, string path, string reason);

    [LoggerMessage(2001, LogLevel.Information, "Topology store {Path} opened again: {What}")]
    private static partial void LogOpenedAgain(ILogger logger, string path, string what);
}
