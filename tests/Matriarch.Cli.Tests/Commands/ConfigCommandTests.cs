namespace Matriarch.Cli.Tests;

public sealed class ConfigCommandTests
{
    [Fact]
    public async Task Show_tells_each_value_and_where_it_comes_from()
    {
        await using var sandbox = new Sandbox();
        var file = await WriteAsync(sandbox, "log:\n  level: debug\n");

        var shown = await sandbox.RunAsync(
            "config", "show", "--config", file, "--process", "agent", "--log.format=console");
        Assert.Equal(2, shown.Code); // an agent needs more than that, and is told what

        file = await WriteAsync(sandbox, Gateway);
        shown = await sandbox.RunAsync("config", "show", "--config", file, "--log.format=console", "--changed");
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.Matches(@"log\.level +debug +.*:\d+ ", shown.Out);
        Assert.Matches(@"log\.format +console +flag --log\.format ", shown.Out);
        Assert.DoesNotContain("gateway.max-clients", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_tells_all_faults_at_once()
    {
        await using var sandbox = new Sandbox();
        var file = await WriteAsync(
            sandbox, Gateway.Replace("debug", "loud", StringComparison.Ordinal) + "colour: red\n");

        var check = await sandbox.RunAsync("config", "check", "--config", file);

        Assert.Equal((2, ""), (check.Code, check.Out));
        Assert.Contains("log.level", check.Error, StringComparison.Ordinal);
        Assert.Contains("colour", check.Error, StringComparison.Ordinal);
    }

    private const string Gateway =
        """
        cluster:
          id: 0123456789abcdef
        gateway:
          listen: 127.0.0.1:7777
        secrets:
          directory: /nowhere
        topology:
          store: sqlite:/nowhere/topology.db
        log:
          level: debug

        """;

    private static async Task<string> WriteAsync(Sandbox sandbox, string yaml)
    {
        var file = Path.Combine(sandbox.Root, "process.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}
