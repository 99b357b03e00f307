using Matriarch.Postgres;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

internal sealed partial class Driver
{
    [LoggerMessage(6040, LogLevel.Information, "PostgreSQL was stopped: {Outcome}")]
    private partial void LogStopped(StopOutcome outcome);

    [LoggerMessage(6041, LogLevel.Information,
        "PostgreSQL was promoted to timeline {Timeline} in {Milliseconds:F0} ms")]
    private partial void LogPromoted(uint timeline, double milliseconds);

    [LoggerMessage(6042, LogLevel.Debug, "detached at {Position}")]
    private partial void LogDetached(string position);

    [LoggerMessage(6043, LogLevel.Debug, "slots were not brought up to date: {Reason}")]
    private partial void LogSlots(string reason);

    [LoggerMessage(6044, LogLevel.Error, "a step towards {Posture} failed")]
    private partial void LogStepFailed(Exception exception, string posture);
}
