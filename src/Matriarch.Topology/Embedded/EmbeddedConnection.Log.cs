using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

internal sealed partial class EmbeddedConnection
{
    [LoggerMessage(2000, LogLevel.Warning, "Topology store {Path} cannot be used: {Reason}. Trying again")]
    private static partial void LogOutage(ILogger logger, string path, string reason);

    [LoggerMessage(2002, LogLevel.Error,
        "Topology store {Path} was damaged; it was set aside as {Aside}, and a new one is made: {Why}")]
    internal static partial void LogSetAside(ILogger logger, string path, string aside, string why);

    [LoggerMessage(2001, LogLevel.Information, "Topology store {Path} opened again: {What}")]
    private static partial void LogOpenedAgain(ILogger logger, string path, string what);
}
