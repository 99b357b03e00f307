using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

internal sealed partial class EtcdWatch
{
    [LoggerMessage(2010, LogLevel.Warning, "The watch of {Prefix} in etcd is interrupted: {Reason}. Trying again")]
    private static partial void LogInterrupted(ILogger logger, string prefix, string reason);

    [LoggerMessage(2011, LogLevel.Information, "The watch of {Prefix} in etcd goes on: {How} revision {Revision}")]
    private static partial void LogGoesOn(ILogger logger, string prefix, string how, long revision);
}
