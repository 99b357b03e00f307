using System.Diagnostics;
using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>The built program, run as a person runs it.</summary>
internal static class MatriarchProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The executable that this build made.</summary>
    public static string Path { get; } = Find();

    /// <summary>Runs a command to its end.</summary>
    public static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit, TestTime.Real);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill();
            throw new TimeoutException(
                $"did not end in {Limit.TotalSeconds} s: matriarch {string.Join(' ', arguments)}", e);
        }

        return new CommandResult(process.ExitCode, await output, await error);
    }

    private static string Find()
    {
        // artifacts/bin/Matriarch.EndToEnd/release/ → artifacts/bin/Matriarch.Cli/release/matriarch
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var path = System.IO.Path.Combine(own.Parent!.Parent!.FullName, "Matriarch.Cli", own.Name, "matriarch");
        return File.Exists(path) ? path : throw new FileNotFoundException("the program is not built", path);
    }
}
