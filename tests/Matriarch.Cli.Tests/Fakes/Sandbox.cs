using System.Text.Json;
using Matriarch.Client;

namespace Matriarch.Cli.Tests;

/// <summary>
/// A directory of its own and a command line in it. Whatever processes a cluster in it has are ended with it, by their
/// verified ids.
/// </summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "",
    };

    public Sandbox(string fakeMode = "works")
    {
        Root = Directory.CreateTempSubdirectory("matriarch-cli-").FullName;

        // As `up` would have it: PostgreSQL's user may pass, or a root test would use /var/lib.
        File.SetUnixFileMode(Root, (UnixFileMode)0b111_101_101);
        Paths = new ClusterPaths(Path.Combine(Root, "cluster"));
        Program = new OwnProgram(Environment.ProcessPath!, ["fake", fakeMode]);
    }

    public string Root { get; }

    /// <summary>The cluster's directory, not made yet.</summary>
    public ClusterPaths Paths { get; }

    public OwnProgram Program { get; }

    public string Answer { get; set; } = "";

    public bool CanAsk { get; set; }

    /// <summary>Runs one command line; <c>--dir</c> is added where the command knows it.</summary>
    public async Task<Ran> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var environment = EnvironmentOf(output, error);
        var code = await new MatriarchCli(environment).RunAsync(arguments);
        return new Ran(code, output.ToString(), error.ToString());
    }

    public Task<Ran> RunHereAsync(params string[] arguments) => RunAsync([.. arguments, "--dir", Paths.Root]);

    public CliEnvironment EnvironmentOf(TextWriter output, TextWriter error) => new(
        Consoles.Create(output, isRedirected: true, Variable),
        Consoles.Create(error, isRedirected: true, Variable),
        new StringReader(Answer),
        IsTerminal: false,
        CanAsk,
        TimeProvider.System,
        Variable,
        Program,
        Environment.IsPrivilegedProcess);

    public void Set(string variable, string value) => _variables[variable] = value;

    public async ValueTask DisposeAsync()
    {
        if (LocalCluster.TryOpen(Paths) is { } cluster)
        {
            await new ClusterStop(cluster, TimeProvider.System).KillAllAsync(CancellationToken.None);
        }

        Directory.Delete(Root, recursive: true);
    }

    private string? Variable(string name) => _variables.GetValueOrDefault(name);

    /// <summary>What a command said.</summary>
    public sealed record Ran(int Code, string Out, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Out).RootElement;
    }
}
