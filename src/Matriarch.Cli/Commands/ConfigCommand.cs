using System.CommandLine;
using System.Text.Json.Nodes;
using Matriarch.Cli.Configuration;

namespace Matriarch.Cli;

/// <summary><c>matriarch config</c>: the effective configuration of a process.</summary>
internal static class ConfigCommand
{
    public static Command Create(CliEnvironment environment) =>
        new CliCommand("config", "Show or check the configuration of an agent or a gateway.")
        {
            Subcommands = { Show(environment), Check(environment) },
            Examples =
            [
                ("config show --config agent.yaml", "every setting, its value, and where that comes from"),
                ("config check --config agent.yaml", "whether a process would start with it"),
            ],
        };

    private static CliCommand Show(CliEnvironment environment)
    {
        var (config, process, output) = (CliOptions.ConfigFile(), Process(), CliOptions.Output());
        var changed = new Option<bool>("--changed") { Description = "Only what is not the default." };
        var command = new CliCommand("show", "Show every setting, its value, and where that comes from.")
        {
            Options = { config, process, changed, output },
            TreatUnmatchedTokensAsErrors = false, // as for the process itself
            Examples =
            [
                ("config show --config .matriarch/agents/a.yaml", "an agent's"),
                ("config show --config gateway.yaml --changed", "what differs from the defaults"),
                ("config show --config agent.yaml --log.level=debug", "as if started with that flag"),
            ],
        };
        command.SetAction(parse =>
        {
            var effective = Load(parse, config, process);
            if (parse.GetValue(output) is OutputFormat.Json)
            {
                environment.WriteLine(Json.Text(Document(effective, parse.GetValue(changed))));
            }
            else
            {
                Print(environment, effective, parse.GetValue(changed));
            }

            return 0;
        });
        return command;
    }

    private static CliCommand Check(CliEnvironment environment)
    {
        var (config, process, output) = (CliOptions.ConfigFile(), Process(), CliOptions.Output());
        var command = new CliCommand("check", "Check a configuration without starting anything.")
        {
            Options = { config, process, output },
            TreatUnmatchedTokensAsErrors = false, // as for the process itself
            Examples = [("config check --config .matriarch/gateway.yaml", "a gateway's; all faults are told at once")],
        };
        command.SetAction(parse =>
        {
            var effective = Load(parse, config, process);
            environment.WriteLine(parse.GetValue(output) is OutputFormat.Json
                ? Json.Text(new JsonObject { ["valid"] = true, ["settings"] = effective.Values.Count })
                : $"{parse.GetValue(config)} is right: {effective.Values.Count} settings, "
                    + $"{effective.Values.Count(v => !v.IsDefault)} of them set.");
            return 0;
        });
        return command;
    }

    private static Option<string?> Process()
    {
        var process = new Option<string?>("--process")
        {
            Description = "Whose configuration it is; default gateway if the file has that section, else agent.",
            HelpName = "agent|gateway",
        };
        process.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not ("agent" or "gateway") } token])
            {
                result.AddError($"--process {token.Value}: must be agent or gateway");
            }
        });
        return process;
    }

    private static EffectiveConfiguration Load(ParseResult parse, Option<string?> config, Option<string?> process)
    {
        var file = parse.GetValue(config);
        var isGateway = parse.GetValue(process) is { } named
            ? string.Equals(named, "gateway", StringComparison.Ordinal)
            : File.Exists(file) && File.ReadLines(file).Any(l => l.StartsWith("gateway:", StringComparison.Ordinal));
        return isGateway
            ? ProcessConfiguration.Load(
                ProcessKind.Gateway, file, parse.UnmatchedTokens, new GatewaySettingsSet().All())
            : ProcessConfiguration.Load(ProcessKind.Agent, file, parse.UnmatchedTokens, new AgentSettingsSet().All());
    }

    private static void Print(CliEnvironment environment, EffectiveConfiguration effective, bool onlyChanged)
    {
        var table = new TextTable("SETTING", "VALUE", "FROM", "MEANING");
        foreach (var row in ConfigurationTable.Of(effective, onlyChanged).Rows)
        {
            var style = row.IsDefault ? "dim" : "";
            var cells = row.Cells.Select(c => new Cell(c.Length == 0 ? Wording.None : c, style)).ToArray();
            table.Add(cells);
        }

        foreach (var line in table.ToMarkup())
        {
            environment.WriteStyledLine(line);
        }
    }

    private static JsonObject Document(EffectiveConfiguration effective, bool onlyChanged)
    {
        var settings = effective.Values.Where(v => !(onlyChanged && v.IsDefault)).Select(v => new JsonObject
        {
            ["key"] = v.Key,
            ["value"] = v.Text,
            ["from"] = v.Source,
            ["isDefault"] = v.IsDefault,
            ["meaning"] = v.Description,
        });
        return new JsonObject { ["settings"] = new JsonArray([.. settings]) };
    }
}
