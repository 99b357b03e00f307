using System.CommandLine;
using Matriarch.Agent;

namespace Matriarch.Cli;

/// <summary><c>matriarch agent run --config FILE</c>: the agent process itself.</summary>
internal static class AgentRunCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var config = CliOptions.ConfigFile();
        var command = new CliCommand("run", "Run an agent until SIGTERM; what services and up start.")
        {
            Options = { config },
            TreatUnmatchedTokensAsErrors = false, // --section.setting=value, checked by the configuration itself
            Examples =
            [
                ("agent run --config agent.yaml", "all settings from the file"),
                ("agent run --config agent.yaml --log.level=debug", "one of them from the command line"),
            ],
        };
        command.SetAction((parse, cancellation) =>
            RunAsync(environment, parse.GetValue(config), parse.UnmatchedTokens, cancellation));
        return command;
    }

    /// <summary>Runs an agent to its end.</summary>
    public static async Task<int> RunAsync(
        CliEnvironment environment, string? config, IReadOnlyList<string> flags, CancellationToken cancellation)
    {
        var settings = new AgentSettingsSet();
        ProcessConfiguration.Load(ProcessKind.Agent, config, flags, settings.All());
        using var loggers = ProcessLog.Create(settings.Log);
        using var interrupt = new Interrupt();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, interrupt.Token);
        using var done = new CancellationTokenSource();
        var rotating = OwnLog.RotateAsync(settings.Log, environment.Time, loggers, done.Token);
        await new AgentProcess(settings.ForAgent(), loggers, environment.Time).RunAsync(ending.Token);
        await done.CancelAsync();
        await rotating;
        return 0;
    }
}
