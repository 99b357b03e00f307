using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Matriarch.Client;
using Matriarch.Core;
using Matriarch.Topology;

namespace Matriarch.Cli;

/// <summary>Options that several commands have, each with the same name, meaning and errors everywhere.</summary>
internal static class CliOptions
{
    public static Option<string?> Directory() => new("--dir")
    {
        Description =
            $"The cluster's directory; default {ClusterPaths.DirectoryVariable}, then {ClusterPaths.DefaultDirectory}.",
        HelpName = "DIR",
    };

    public static Option<OutputFormat> Output() => new("--output", "-o")
    {
        Description = "table for people, json for programs.",
        HelpName = "table|json",
        CustomParser = result => Parse<OutputFormat>(result, "table or json", text => text switch
        {
            "table" => OutputFormat.Table,
            "json" => OutputFormat.Json,
            _ => null,
        }) ?? OutputFormat.Table,
    };

    public static Option<string?> ConfigFile() => new("--config")
    {
        Description = "The process's configuration file (YAML).",
        HelpName = "FILE",
    };

    public static Argument<string> Node() => new("NAME") { Description = "The node, for example a." };

    public static Option<int?> Number(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse<int>(
            result,
            string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"),
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most
                ? number
                : null),
    };

    public static Option<DurabilityPolicy?> Durability() => new("--durability")
    {
        Description = "Copies that a commit needs: majority (default), async, or a number.",
        HelpName = "POLICY",
        CustomParser = result =>
        {
            try
            {
                return DurabilityPolicy.Parse(result.Tokens[0].Value);
            }
            catch (FormatException e)
            {
                result.AddError(e.Message);
                return null;
            }
        },
    };

    public static Option<string?> Store() => new("--store")
    {
        Description = "Topology store: etcd://host:port[,host:port]/prefix, "
            + "dynamodb://region/table?endpoint=http://host:port, or (default) a file of the cluster's own.",
        HelpName = "ADDRESS",
        CustomParser = result =>
        {
            var address = result.Tokens[0].Value;
            if (TopologyStores.FindFault(address) is { } fault)
            {
                result.AddError(fault);
                return null;
            }

            return address;
        },
    };

    public static Option<string?> CellStores() => new("--cell-stores")
    {
        Description = "A topology store for each cell beside the global one: without ADDRESS a file of the cluster's "
            + "own for each; {cell} in ADDRESS stands for the cell.",
        HelpName = "ADDRESS",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result =>
        {
            var address = result.Tokens.Count == 0 ? UpRequest.OwnFiles : result.Tokens[0].Value;
            if (address != UpRequest.OwnFiles
                && TopologyStores.FindFault(address.Replace("{cell}", "a", StringComparison.Ordinal)) is { } fault)
            {
                result.AddError(fault);
                return null;
            }

            return address;
        },
    };

    /// <summary>The cluster's directory that this invocation means.</summary>
    public static ClusterPaths PathsOf(this ParseResult parse, Option<string?> directory, CliEnvironment environment) =>
        ClusterPaths.Find(parse.GetValue(directory), environment.Variable(ClusterPaths.DirectoryVariable));

    /// <summary>The cluster that this invocation means.</summary>
    public static LocalCluster ClusterOf(
        this ParseResult parse, Option<string?> directory, CliEnvironment environment) =>
        LocalCluster.Open(parse.PathsOf(directory, environment));

    private static T? Parse<T>(ArgumentResult result, string wanted, Func<string, T?> read)
        where T : struct
    {
        var text = result.Tokens[0].Value;
        var value = read(text);
        if (value is null)
        {
            var name = (result.Parent as OptionResult)?.IdentifierToken?.Value ?? result.Argument.Name;
            result.AddError($"{name} {text}: must be {wanted}");
        }

        return value;
    }
}
