using System.Collections;

namespace Matriarch.Cli.Configuration;

/// <summary>
/// Where the settings of a process come from. A later source wins: defaults, then the YAML file, then the environment,
/// then flags. Lists and maps are replaced as a whole, never merged.
/// </summary>
public sealed record ConfigurationSources
{
    /// <summary>Prefix of every variable of Matriarch.</summary>
    public const string VariablePrefix = "MATRIARCH_";

    /// <summary>
    /// Variables with the prefix that are no settings: <c>MATRIARCH_DIR</c> is the directory of the local cluster
    /// (default <c>.matriarch</c>).
    /// </summary>
    public static readonly IReadOnlySet<string> OtherVariables =
        new HashSet<string>(StringComparer.Ordinal) { "MATRIARCH_DIR" };

    /// <summary>Path of the YAML file; null = none.</summary>
    public string? File { get; init; }

    /// <summary>Environment variables; those without the prefix are ignored.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Arguments of the form <c>--section.name=value</c>, and nothing else.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>
    /// Options classes of the other processes on this machine: their variables are no mistake here, since all
    /// processes of a machine may share one environment.
    /// </summary>
    public IReadOnlyList<Type> OptionsOfOtherProcesses { get; init; } = [];

    /// <summary>The sources of this process, with its whole environment.</summary>
    public static ConfigurationSources OfProcess(string? file, IReadOnlyList<string> flags) => new()
    {
        File = file,
        Flags = flags,
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal),
    };

    /// <summary>Whether a command line argument has the form of a setting's flag: <c>--section.name…</c>.</summary>
    public static bool IsFlag(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal))
        {
            return false;
        }

        var name = argument.AsSpan(2);
        var end = name.IndexOf('=');
        return (end < 0 ? name : name[..end]).Contains('.');
    }
}
