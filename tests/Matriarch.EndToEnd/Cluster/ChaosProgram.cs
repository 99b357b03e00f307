using System.Diagnostics;
using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>The program Matriarch.Chaos, which makes a network of its own and removes it.</summary>
internal static class ChaosProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Skips the test where this machine cannot run it, and fails it there under CI.</summary>
    public static void IsPossible()
    {
        Requires(Environment.UserName == "root", "network namespaces need root");
        Requires(IsInstalled("ip"), "ip (iproute2) is not installed");
        Requires(IsInstalled("etcd"), "etcd is not installed");
    }

    /// <summary>Runs it to its end, and gives what it said.</summary>
    public static async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Matriarch.Chaos", own.Name, "Matriarch.Chaos");
        var start = new ProcessStartInfo(program, arguments)
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
