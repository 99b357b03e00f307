namespace Matriarch.Core;

/// <summary>The log of a process, on its standard error.</summary>
[OptionsSection("log")]
public sealed class LogOptions : IValidatedOptions
{
    /// <summary>JSON for machines, console for people.</summary>
    [Setting("json (one object a line) or console (text).")]
    public LogFormat Format { get; set; } = LogFormat.Json;

    /// <summary>Entries below this are not written.</summary>
    [Setting("trace, debug, information, warning or error.")]
    public LogVerbosity Level { get; set; } = LogVerbosity.Information;

    public IEnumerable<string> Validate()
    {
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
