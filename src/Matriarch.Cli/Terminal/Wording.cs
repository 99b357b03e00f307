using System.Globalization;

namespace Matriarch.Cli;

/// <summary>Numbers as people read them.</summary>
internal static class Wording
{
    /// <summary>What stands in a table where there is nothing to say.</summary>
    public const string None = "-";

    /// <summary>
    /// For example <c>0 B</c>, <c>16.0 kB</c>, <c>3.2 MB</c>; steps of 1,024 as PostgreSQL's pg_size_pretty.
    /// </summary>
    public static string Bytes(long? bytes)
    {
        if (bytes is not { } count)
        {
            return None;
        }

        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var value = (double)count;
        var unit = 0;
        while (value >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return unit == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{count} B")
            : string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {units[unit]}");
    }

    /// <summary>The two largest units, for example <c>7s</c>, <c>3m 20s</c>, <c>2h 5m</c>, <c>4d 1h</c>.</summary>
    public static string Duration(double? seconds)
    {
        if (seconds is not >= 0)
        {
            return None;
        }

        var span = TimeSpan.FromSeconds(Math.Floor(seconds.Value));
        return span switch
        {
            { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays}d {span.Hours}h"),
            { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Hours}h {span.Minutes}m"),
            { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m {span.Seconds}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{span.Seconds}s"),
        };
    }

    /// <summary>A measured wait, for example <c>6.2 s</c>.</summary>
    public static string Elapsed(TimeSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");

    /// <summary>An enum as JSON and people see it.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
