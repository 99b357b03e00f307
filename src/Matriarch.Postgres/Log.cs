using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Postgres;

/// <summary>Log messages of the control of PostgreSQL: events 1000 to 1999.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "{Node}: PostgreSQL runs as process {Pid}")]
    public static partial void Started(ILogger logger, NodeId node, int pid);

    [LoggerMessage(1001, LogLevel.Warning, "{Node}: PostgreSQL does not start: {Reason}\n{LogTail}")]
    public static partial void StartFailed(ILogger logger, NodeId node, string reason, string logTail);

    [LoggerMessage(1002, LogLevel.Information, "{Node}: adopted the running PostgreSQL, process {Pid}")]
    public static partial void Adopted(ILogger logger, NodeId node, int pid);

    [LoggerMessage(1003, LogLevel.Information, "{Node}: PostgreSQL stopped ({Outcome})")]
    public static partial void Stopped(ILogger logger, NodeId node, StopOutcome outcome);

    [LoggerMessage(1004, LogLevel.Warning,
        "{Node}: removed settings made by ALTER SYSTEM that Matriarch owns: {Names}")]
    public static partial void RemovedSettings(ILogger logger, NodeId node, string names);

    [LoggerMessage(1005, LogLevel.Information, "{Node}: detached: {Outcome}")]
    public static partial void Detached(ILogger logger, NodeId node, DetachOutcome outcome);

    [LoggerMessage(1006, LogLevel.Information, "{Node}: promotion to timeline {Timeline}: {Outcome}")]
    public static partial void Promoted(ILogger logger, NodeId node, Timeline timeline, PromoteOutcome outcome);

    [LoggerMessage(1007, LogLevel.Warning,
        "{Node}: restarts PostgreSQL to forget timelines that it heard of but never came to: {Timelines}")]
    public static partial void RemovesStrayHistories(ILogger logger, NodeId node, string timelines);

    [LoggerMessage(1008, LogLevel.Information, "{Node}: rewind to {Upstream}: {Outcome}")]
    public static partial void Rewound(ILogger logger, NodeId node, Upstream upstream, ServerOutcome outcome);

    [LoggerMessage(1009, LogLevel.Information, "{Node}: copy of {Upstream}: {Outcome}")]
    public static partial void Copied(ILogger logger, NodeId node, Upstream upstream, ServerOutcome outcome);

    [LoggerMessage(1010, LogLevel.Information, "{Node}: made the first data directory of instance {System}")]
    public static partial void Initialized(ILogger logger, NodeId node, SystemIdentifier system);

    [LoggerMessage(1011, LogLevel.Warning, "{Node}: keeps the slot {Slot}, which is still in use: {Reason}")]
    public static partial void KeepsSlot(ILogger logger, NodeId node, string slot, string reason);
}
