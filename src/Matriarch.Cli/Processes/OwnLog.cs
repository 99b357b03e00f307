using Matriarch.Core;
using Matriarch.Postgres;
using Microsoft.Extensions.Logging;

namespace Matriarch.Cli;

/// <summary>
/// The file that the standard error of this process is appended to, where it is one: nobody else keeps it bounded.
/// A service manager's journal, a pipe or a terminal is none.
/// </summary>
internal static class OwnLog
{
    private const int StandardError = 2;
    private const int Append = 0x400; // O_APPEND of Linux

    /// <summary>Rotates it until cancelled; ends at once where there is no such file.</summary>
    public static Task RotateAsync(
        LogOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation) =>
        File() is { } file
            ? new LogRotation(file, options, time, loggers.CreateLogger<LogRotation>()).RunAsync(cancellation)
            : Task.CompletedTask;

    /// <summary>The full path; null where standard error is no file, or one that is not appended to.</summary>
    public static string? File() => AppendedFile(
        $"/proc/self/fd/{StandardError}", $"/proc/self/fdinfo/{StandardError}");

    /// <inheritdoc cref="File"/>
    internal static string? AppendedFile(string descriptor, string description)
    {
        var target = new FileInfo(descriptor).LinkTarget;
        return target is not null && Path.IsPathRooted(target) && !target.StartsWith("/dev/", StringComparison.Ordinal)
            && System.IO.File.Exists(target) && IsAppended(System.IO.File.ReadLines(description))
            ? target
            : null;
    }

    // flags:<tab>octal
    private static bool IsAppended(IEnumerable<string> description)
    {
        const string Prefix = "flags:";
        var flags = description.FirstOrDefault(l => l.StartsWith(Prefix, StringComparison.Ordinal))?[Prefix.Length..];
        return flags is not null && (Convert.ToInt32(flags.Trim(), 8) & Append) != 0;
    }
}
