using Matriarch.Cli.Configuration;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>Loads the configuration of a process: its file, the environment, its flags.</summary>
internal static class ProcessConfiguration
{
    /// <summary>Fills the options; what was effective and where it came from.</summary>
    /// <exception cref="UserException">No file is named, or something in one of the sources is wrong.</exception>
    public static EffectiveConfiguration Load(
        ProcessKind kind, string? file, IReadOnlyList<string> flags, object[] options)
    {
        if (string.IsNullOrEmpty(file))
        {
            throw new UserException("no configuration is named", "add --config FILE", exitCode: 2);
        }

        if (!File.Exists(file))
        {
            throw new UserException(
                $"there is no file {file}", "name the process's configuration with --config", exitCode: 2);
        }

        var others = kind is ProcessKind.Agent ? new GatewaySettingsSet().All() : new AgentSettingsSet().All();
        var sources = ConfigurationSources.OfProcess(file, flags);
        return ConfigurationLoader.Load(
            sources with { OptionsOfOtherProcesses = [.. others.Select(o => o.GetType())] }, options);
    }
}
