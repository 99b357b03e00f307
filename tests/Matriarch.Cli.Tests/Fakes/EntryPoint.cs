using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Matriarch.Cli.Tests;

/// <summary>
/// Runs the tests, or, started with the word <c>fake</c>, one of the processes that a test wants to see started.
/// </summary>
internal static class EntryPoint
{
    public static Task<int> Main(string[] arguments) => arguments switch
    {
        ["fake", var mode, "agent", "run", "--config", var config] => FakeAgentProcess.RunAsync(mode, config),
        ["fake", _, "gateway", "run", "--config", var config] => FakeGatewayProcess.RunAsync(config),
        _ when arguments.Any(a => a is "--server" or "--internal-msbuild-node")
            => TestPlatformTestFramework.RunAsync(arguments, (_, _) => { }),
        _ => ConsoleRunner.Run(arguments),
    };
}
