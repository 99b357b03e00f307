using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

internal sealed partial class DynamoDbWatch
{
    [LoggerMessage(2020, LogLevel.Warning, "The watch of {Prefix} in DynamoDB is interrupted: {Reason}. Trying again")]
    private static partial void LogInterrupted(ILogger logger, string prefix, string reason);

    [LoggerMessage(2021, LogLevel.Information, "The watch of {Prefix} in DynamoDB goes on")]
    private static partial void LogGoesOn(ILogger logger, string prefix);
}
