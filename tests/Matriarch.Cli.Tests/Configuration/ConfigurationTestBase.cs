using Matriarch.Cli.Configuration;
using Matriarch.Core;

namespace Matriarch.Cli.Tests.Configuration;

/// <summary>A YAML file, variables and flags of one test.</summary>
public abstract class ConfigurationTestBase : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-configuration-").FullName;

    protected string YamlFile => Path.Combine(_directory, "a.yaml");

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected ConfigurationSources Sources(
        string? yaml = null, (string Name, string Value)[]? environment = null, params string[] flags)
    {
        if (yaml is not null)
        {
            File.WriteAllText(YamlFile, yaml);
        }

        return new ConfigurationSources
        {
            File = yaml is null ? null : YamlFile,
            Environment = (environment ?? []).ToDictionary(e => e.Name, e => e.Value),
            Flags = flags,
        };
    }

    private protected static EffectiveConfiguration Load(ConfigurationSources sources, out ExampleOptions example)
    {
        example = new ExampleOptions();
        return ConfigurationLoader.Load(sources, example, new OtherOptions());
    }

    /// <summary>The faults of the sources, one per line, with the file as <c>a.yaml</c>.</summary>
    private protected string Faults(ConfigurationSources sources)
    {
        var failure = Assert.Throws<UserException>(() => Load(sources, out _));
        Assert.Equal(2, failure.ExitCode);
        Assert.Contains("config show", failure.WhatToDo, StringComparison.Ordinal);
        return failure.Message.Replace(_directory + "/", "", StringComparison.Ordinal);
    }
}
