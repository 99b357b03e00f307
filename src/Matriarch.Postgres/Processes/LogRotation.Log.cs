using Microsoft.Extensions.Logging;

namespace Matriarch.Postgres;

public sealed partial class LogRotation
{
    [LoggerMessage(1012, LogLevel.Warning, "the log {File} cannot be rotated, and grows: {Reason}")]
    private partial void LogNotRotated(string file, string reason);
}
