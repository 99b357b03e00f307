using System.CommandLine;
using Matriarch.Client;
using Matriarch.Gateway;
using Matriarch.Topology;
using Microsoft.Extensions.Logging;

namespace Matriarch.Cli;

/// <summary><c>matriarch gateway run --config FILE</c>: the gateway process itself.</summary>
internal static class GatewayRunCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var config = CliOptions.ConfigFile();
        var command = new CliCommand("run", "Run a gateway until SIGTERM; what services and up start.")
        {
            Options = { config },
            TreatUnmatchedTokensAsErrors = false, // --section.setting=value, checked by the configuration itself
            Examples =
            [
                ("gateway run --config gateway.yaml", "all settings from the file"),
                (
                    "gateway run --config gateway.yaml --gateway.listen=0.0.0.0:5432",
                    "one of them from the command line"),
            ],
        };
        command.SetAction((parse, cancellation) =>
            RunAsync(environment, parse.GetValue(config), parse.UnmatchedTokens, cancellation));
        return command;
    }

    /// <summary>Runs a gateway to its end.</summary>
    public static async Task<int> RunAsync(
        CliEnvironment environment, string? config, IReadOnlyList<string> flags, CancellationToken cancellation)
    {
        var settings = new GatewaySettingsSet();
        ProcessConfiguration.Load(ProcessKind.Gateway, config, flags, settings.All());
        using var loggers = ProcessLog.Create(settings.Log);
        await using var store = await TopologyStores.OpenAsync(
            settings.Topology, settings.Cluster.Id, environment.Time, loggers, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var views = new TopologyViews(store, loggers);
        var setup = new GatewaySetup(
            settings.Gateway, settings.Cluster.Instance, views, loggers, environment.Time)
        {
            ApiListen = settings.Api.Listen,
            ApiToken = SecretFile.Read(settings.Secrets, SecretNames.ApiToken),
        };
        var serving = GatewayProcess.RunAsync(setup, stop.Token);

        // Following rides out everything that a store can do; if it ends, that is a bug, and the process ends with it
        // (disposal of the views tells the error).
        var rotating = OwnLog.RotateAsync(settings.Log, environment.Time, loggers, stop.Token);
        await Task.WhenAny(serving, views.Completion);
        await stop.CancelAsync();
        await serving;
        await rotating;
        return 0;
    }
}
