using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Cli;

/// <summary>The log of a process, on standard error: JSON lines, or text for people.</summary>
internal static class ProcessLog
{
    /// <summary>Dispose it last: it writes what is still in its queue.</summary>
    public static ILoggerFactory Create(LogOptions options) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(LevelOf(options.Level));

        // The web server tells every request; of it only what is wrong is ours to tell.
        builder.AddFilter("Microsoft", LogLevel.Warning);
        builder.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.Format is LogFormat.Json)
        {
            builder.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            builder.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.UseUtcTimestamp = true;
                text.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            });
        }
    });

    private static LogLevel LevelOf(LogVerbosity verbosity) => verbosity switch
    {
        LogVerbosity.Trace => LogLevel.Trace,
        LogVerbosity.Debug => LogLevel.Debug,
        LogVerbosity.Warning => LogLevel.Warning,
        LogVerbosity.Error => LogLevel.Error,
        _ => LogLevel.Information,
    };
}
