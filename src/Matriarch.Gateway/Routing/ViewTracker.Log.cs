using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

internal sealed partial class ViewTracker
{
    [LoggerMessage(EventId = 5010, Level = LogLevel.Debug,
        Message = "Ignored an older view of {Instance}: {Term}.{Revision} after {CurrentTerm}.{CurrentRevision}")]
    private partial void LogOlderView(string instance, Term term, int revision, Term currentTerm, int currentRevision);

    [LoggerMessage(EventId = 5011, Level = LogLevel.Error,
        Message = "Refused a view of {Instance} that names a second primary of term {Term}: {First}, now {Second}")]
    private partial void LogTwoPrimaries(string instance, Term term, NodeId first, NodeId second);
}
