using Matriarch.TestKit;

namespace Matriarch.Compatibility;

/// <summary>PostgreSQL's own programs, each driven by a shell script that prints what it saw.</summary>
public sealed class ProgramTests(TwoSides sides)
{
    [Theory]
    [InlineData("dump")]
    [InlineData("pgbench")]
    [InlineData("replication")]
    public Task A_program_does_the_same(string script) =>
        Differential.AssertSameAsync(sides, $"program/{script}", side => ToolRun.RunAsync(
            side, null, "/usr/bin/env",
            $"PATH={OwnedPostgres.BinDirectory}:{Environment.GetEnvironmentVariable("PATH")}", "bash",
            Path.Combine(AppContext.BaseDirectory, "Programs", script + ".sh")));
}
