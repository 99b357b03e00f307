namespace Matriarch.Core;

/// <summary>The log of a process, on its standard error.</summary>
[OptionsSection("log")]
public sealed class LogOptions : IValidatedOptions
{
    private const long SmallestMaxBytes = 64 * 1024;
    private const long LargestMaxBytes = 1L << 40;
    private const int MostKept = 100;

    /// <summary>JSON for machines, console for people.</summary>
    [Setting("json (one object a line) or console (text).")]
    public LogFormat Format { get; set; } = LogFormat.Json;

    /// <summary>Entries below this are not written.</summary>
    [Setting("trace, debug, information, warning or error.")]
    public LogVerbosity Level { get; set; } = LogVerbosity.Information;

    /// <summary>A log file that is longer is rotated: the process's own, and the one of its PostgreSQL.</summary>
    [Setting("Bytes, 64 kB to 1 TB, after which a log file is rotated; 0 = never. Only files that are appended to.")]
    public long MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Older ones of each file, as FILE.1 (the newest), FILE.2 and so on.</summary>
    [Setting("1 to 100: rotated files that are kept of each log.")]
    public int Kept { get; set; } = 3;

    public IEnumerable<string> Validate()
    {
        if (MaxBytes is not (0 or (>= SmallestMaxBytes and <= LargestMaxBytes)))
        {
            yield return $"log.max-bytes: must be 0 or {SmallestMaxBytes} to {LargestMaxBytes}";
        }

        if (Kept is < 1 or > MostKept)
        {
            yield return $"log.kept: must be 1 to {MostKept}";
        }

        if (!Enum.IsDefined(Format))
        {
            yield return "log.format: must be json or console";
        }

        if (!Enum.IsDefined(Level))
        {
            yield return "log.level: must be trace, debug, information, warning or error";
        }
    }
}
