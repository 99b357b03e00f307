using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

internal sealed partial class SlotKeeper
{
    [LoggerMessage(6080, LogLevel.Warning, "logical slots were not brought up to date: {Reason}")]
    private partial void LogWaits(string reason);

    [LoggerMessage(6081, LogLevel.Error, "a look at the logical slots failed")]
    private partial void LogRoundFailed(Exception exception);
}
