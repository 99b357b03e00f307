using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

public sealed partial class ClusterViewWatcher
{
    [LoggerMessage(2100, LogLevel.Information, "The watch of {Prefix} starts over with {Entries} entries")]
    private static partial void LogReset(ILogger logger, string prefix, int entries);

    [LoggerMessage(2101, LogLevel.Warning,
        "The store holds an older leadership of {Instance} (term {Held}) than was seen (term {Seen}): "
        + "the last view stays")]
    private static partial void LogOlder(ILogger logger, string instance, string held, Term seen);

    [LoggerMessage(2102, LogLevel.Warning, "A record in the store is left out: {Fault}")]
    private static partial void LogUnreadable(ILogger logger, string fault);
}
