using System.Diagnostics;

namespace Matriarch.TestKit;

/// <summary>Programs that are run to their end.</summary>
internal static class Command
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Runs it and returns its standard output.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    /// <exception cref="TimeoutException">It did not end in 30 s, and was killed.</exception>
    public static Task<string> RunAsync(string program, params string[] arguments) =>
        RunWithInputAsync("", program, arguments);

    /// <summary>The same with something to read on its standard input.</summary>
    public static async Task<string> RunWithInputAsync(string input, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        }) ?? throw new InvalidOperationException($"{program} did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit, TestTime.Real);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"did not end in {Limit.TotalSeconds} s: {program} {string.Join(' ', arguments)}", e);
        }

        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: "
                + $"{(await error).Trim()} {(await output).Trim()}");
    }
}
