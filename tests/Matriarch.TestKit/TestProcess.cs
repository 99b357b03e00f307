using System.Diagnostics;

namespace Matriarch.TestKit;

/// <summary>Runs a program to its end, for the preparation of tests.</summary>
public static class TestProcess
{
    /// <summary>The OS user that runs PostgreSQL when the tests run as root.</summary>
    public const string PostgresUser = "postgres";

    /// <summary>Runs it and returns its standard output.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has its standard error.</exception>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"{program} failed with {process.ExitCode}: {await error}{await output}");
    }

    /// <summary>The same as the PostgreSQL user when the tests run as root, else as the own one.</summary>
    public static Task<string> RunAsPostgresAsync(string program, params string[] arguments) =>
        Environment.UserName == "root"
            ? RunAsync("setpriv", [$"--reuid={PostgresUser}", $"--regid={PostgresUser}", "--init-groups", "--",
                program, .. arguments])
            : RunAsync(program, arguments);
}
