using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

internal sealed partial class ViewFollower
{
    [LoggerMessage(
        EventId = 5012, Level = LogLevel.Information, Message = "Primary of {Instance} in term {Term}: {Primary}")]
    private partial void LogPrimary(string instance, Term term, string primary);

    [LoggerMessage(EventId = 5013, Level = LogLevel.Warning,
        Message = "Ended {Count} sessions whose node has another role in the new view of {Instance} (term {Term})")]
    private partial void LogEnded(int count, string instance, Term term);

    [LoggerMessage(
        EventId = 5014, Level = LogLevel.Error, Message = "The source of cluster views failed; the last view stays")]
    private partial void LogSourceFailed(Exception exception);

    [LoggerMessage(
        EventId = 5015, Level = LogLevel.Warning, Message = "The source of cluster views ended; it is asked again")]
    private partial void LogSourceEnded();
}
