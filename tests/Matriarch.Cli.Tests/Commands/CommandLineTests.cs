using System.CommandLine;

namespace Matriarch.Cli.Tests;

public sealed class CommandLineTests
{
    public static async Task<TheoryData<string>> CommandsAsync()
    {
        await using var sandbox = new Sandbox();
        await using var writer = new StringWriter();
        var data = new TheoryData<string>();
        Add(MatriarchCli.Root(sandbox.EnvironmentOf(writer, writer)), "");
        return data;

        void Add(Command command, string words)
        {
            foreach (var child in command.Subcommands)
            {
                data.Add((words + " " + child.Name).Trim());
                Add(child, words + " " + child.Name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(CommandsAsync))]
    public async Task The_help_of_every_command_has_an_example(string command)
    {
        await using var sandbox = new Sandbox();

        var help = await sandbox.RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal((0, ""), (help.Code, help.Error));
        Assert.Contains("Examples:\n  matriarch " + command.Split(' ')[0], help.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up --port abc", "error: --port abc: must be a number from 1 to 65535")]
    [InlineData("up --port 70000", "error: --port 70000: must be a number from 1 to 65535")]
    [InlineData("up --nodes 0", "error: --nodes 0: must be a number from 1 to 9")]
    [InlineData("up --durability most", "error: \"most\" is not a durability policy")]
    [InlineData("status --output xml", "error: --output xml: must be table or json")]
    [InlineData("status --frobnicate", "error: Unrecognized command or argument '--frobnicate'.")]
    [InlineData(
        "agent kill a --agent-only --postgres-only", "error: --agent-only and --postgres-only exclude each other")]
    [InlineData("agent run", "error: no configuration is named")]
    [InlineData("gateway run --config /not/there.yaml", "error: there is no file /not/there.yaml")]
    public async Task A_wrong_line_is_told_in_one_line_with_what_to_do(string line, string error)
    {
        await using var sandbox = new Sandbox();

        var ran = await sandbox.RunAsync(line.Split(' '));

        Assert.Equal((2, ""), (ran.Code, ran.Out));
        Assert.StartsWith(error, ran.Error, StringComparison.Ordinal);
        Assert.Contains("\nwhat to do: ", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("events")]
    [InlineData("switchover")]
    [InlineData("psql")]
    [InlineData("agent start a")]
    [InlineData("agent stop a")]
    [InlineData("agent kill a")]
    [InlineData("gateway start")]
    [InlineData("gateway stop")]
    [InlineData("gateway kill")]
    public async Task Without_a_cluster_every_command_says_how_to_make_one(string line)
    {
        await using var sandbox = new Sandbox();

        var ran = await sandbox.RunHereAsync(line.Split(' '));

        Assert.Equal((1, ""), (ran.Code, ran.Out));
        Assert.StartsWith(
            $"error: there is no cluster in {sandbox.Paths.Root}\nwhat to do: make one with: matriarch up --dir",
            ran.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_names_the_cluster_when_no_flag_does()
    {
        await using var sandbox = new Sandbox();
        sandbox.Set("MATRIARCH_DIR", sandbox.Paths.Root);

        var ran = await sandbox.RunAsync("status");

        Assert.Contains($"there is no cluster in {sandbox.Paths.Root}", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_command_the_help_is_shown()
    {
        await using var sandbox = new Sandbox();

        var ran = await sandbox.RunAsync();

        Assert.Equal(0, ran.Code);
        Assert.Contains("switchover", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_for_people_and_programs()
    {
        await using var sandbox = new Sandbox();

        Assert.StartsWith("matriarch 0.", (await sandbox.RunAsync("version")).Out, StringComparison.Ordinal);
        var json = (await sandbox.RunAsync("version", "-o", "json")).Json;
        Assert.StartsWith("0.", json.GetProperty("version").GetString(), StringComparison.Ordinal);
    }
}
