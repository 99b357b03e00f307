using System.Diagnostics;
using System.Text;
using Matriarch.TestKit;

namespace Matriarch.Compatibility;

/// <summary>Runs a client program against one side.</summary>
internal static class ToolRun
{
    /// <summary>Enough for the slowest suite on a busy machine; what hangs is ended, and its transcript says
    /// so.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>
    /// What it printed, errors among it in the order in which they came, and then its exit code. A program that runs
    /// into <see cref="Limit"/> is ended with all that it started, and says so instead.
    /// </summary>
    /// <param name="side">Becomes its environment.</param>
    /// <param name="input">A file; null for nothing.</param>
    /// <param name="program">A path, or a name to look up.</param>
    /// <param name="arguments">As they are.</param>
    public static async Task<string> RunAsync(
        Side side, string? input, string program, params IReadOnlyList<string> arguments)
    {
        // One pipe for both streams keeps their order; dup2 is what the shell is for.
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "/bin/sh",
                ["-c", "input=$1; shift; exec \"$@\" < \"$input\" 2>&1", "sh", input ?? "/dev/null", program,
                    .. arguments])
            {
                UseShellExecute = false, RedirectStandardOutput = true,
                WorkingDirectory = AppContext.BaseDirectory,
                StandardOutputEncoding = new UTF8Encoding(false),
            },
        };
        foreach (var (name, value) in side.Environment)
        {
            process.StartInfo.Environment[name] = value;
        }

        process.Start();
        var output = new StringBuilder();
        using var limit = new CancellationTokenSource(Limit, TestTime.Real);
        try
        {
            var piece = new char[4096];
            for (int read; (read = await process.StandardOutput.ReadAsync(piece, limit.Token)) > 0;)
            {
                output.Append(piece, 0, read);
            }

            await process.WaitForExitAsync(limit.Token);
            return $"{output}\n(exit code {process.ExitCode})\n";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return $"{output}\n(did not end within {Limit.TotalSeconds} s)\n";
        }
    }

    /// <summary>
    /// Skips the test where something is not installed, and fails it in CI.
    /// </summary>
    public static void Require(bool isThere, string what)
    {
        if (!isThere)
        {
            var missing = $"{what} is not installed; ./test installs it where it can";
            Assert.False(Environment.GetEnvironmentVariable("CI") is { Length: > 0 }, missing);
            Assert.Skip(missing);
        }
    }

    /// <summary>Where a program is; null when it is not installed.</summary>
    public static string? Find(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':')
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
}
