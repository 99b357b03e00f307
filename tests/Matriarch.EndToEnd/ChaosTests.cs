using System.Diagnostics;
using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>
/// The short set of chaos: the program Matriarch.Chaos in a network of its own, as <c>./test --chaos</c> runs it.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task The_most_telling_faults_lose_nothing_show_nothing_wrong_and_heal_by_themselves()
    {
        Requires(Environment.UserName == "root", "network namespaces need root");
        Requires(IsInstalled("ip"), "ip (iproute2) is not installed");
        Requires(IsInstalled("etcd"), "etcd is not installed");

        var (exitCode, said) = await RunAsync();

        output.WriteLine(said);
        Assert.True(exitCode == 0, said);
    }

    private static async Task<(int ExitCode, string Said)> RunAsync()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Matriarch.Chaos", own.Name, "Matriarch.Chaos");
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PATH"] += ":/usr/sbin:/sbin"; // where Debian keeps ip, tc and mount
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit, TestTime.Real);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            const int Terminate = 15; // it ends its lab first
            Signals.Send(process.Id, Terminate);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return (process.ExitCode, await said + await error);
    }

    private static bool IsInstalled(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':')
            .Any(directory => File.Exists(Path.Combine(directory, name)));

    private static void Requires(bool condition, string missing)
    {
        if (!condition)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") is { Length: > 0 }, missing);
            Assert.Skip(missing);
        }
    }
}
