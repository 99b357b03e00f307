using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Matriarch.Cli;

/// <summary><c>matriarch version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var output = CliOptions.Output();
        var command = new CliCommand("version", "Show the version of this program.")
        {
            Options = { output },
            Examples = [("version", "for a report")],
        };
        command.SetAction(parse =>
        {
            var version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion ?? "unknown";
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(new JsonObject
                {
                    ["version"] = version, ["runtime"] = RuntimeInformation.FrameworkDescription,
                })
                : $"matriarch {version} ({RuntimeInformation.FrameworkDescription})");
            return 0;
        });
        return command;
    }
}
