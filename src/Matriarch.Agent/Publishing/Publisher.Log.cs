using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

internal sealed partial class Publisher
{
    [LoggerMessage(6032, LogLevel.Information, "term {Term} was not published: the store holds term {Current} already")]
    private partial void LogSuperseded(uint term, uint current);
}
