using System.Diagnostics;
using System.Text;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// Runs one program to its end: bounded output, a deadline after which only this child (and what it started) is killed,
/// a clean environment. Secrets go in by file or environment; arguments are visible to every user of the machine.
/// </summary>
internal static class ProgramRun
{
    private const int MaxOutputChars = 256 * 1024;

    /// <param name="Program">Full path.</param>
    /// <param name="Arguments">Never a secret.</param>
    /// <param name="Deadline">After this the child is killed and the result says so.</param>
    internal sealed record Request(string Program, IReadOnlyList<string> Arguments, TimeSpan Deadline)
    {
        /// <summary>Whom to run it as; null for the own user.</summary>
        public OsUser? User { get; init; }

        /// <summary>Added to the clean environment.</summary>
        public IReadOnlyDictionary<string, string>? Environment { get; init; }

        /// <summary>Standard input; empty input when null.</summary>
        public string? Input { get; init; }

        /// <summary>Called with every line of standard error, lines ending in a carriage return included.</summary>
        public Action<string>? OnErrorLine { get; init; }
    }

    /// <param name="ExitCode">-1 when the deadline killed it.</param>
    internal sealed record Result(int ExitCode, string StandardOutput, string StandardError, bool IsTimedOut)
    {
        public bool IsSuccess => ExitCode == 0;

        /// <summary>The most telling line: an error line, else the last of standard error, else of standard
        /// output.</summary>
        public string FirstLine
        {
            get
            {
                var lines = (StandardError + "\n" + StandardOutput)
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                var line = lines.FirstOrDefault(l => l.Contains("FATAL", StringComparison.Ordinal)
                        || l.Contains("error:", StringComparison.OrdinalIgnoreCase))
                    ?? lines.FirstOrDefault() ?? "no output";
                return IsTimedOut ? $"it did not end in time; {line}" : line;
            }
        }
    }

    /// <exception cref="UserException">The program cannot be started at all.</exception>
    public static async Task<Result> ExecuteAsync(Request request, TimeProvider time, CancellationToken cancellation)
    {
        var (program, arguments) = request.User is { } user
            ? user.Wrap(request.Program, request.Arguments)
            : (request.Program, request.Arguments);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            // The own directory may not be accessible to the other user, and some programs insist on theirs.
            WorkingDirectory = "/",
        };
        CleanEnvironment.Fill(start.Environment, request.Environment);

        using var process = Start(start);
        using var deadline = new CancellationTokenSource(request.Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var output = ReadAsync(process.StandardOutput, null, both.Token);
            var error = ReadAsync(process.StandardError, request.OnErrorLine, both.Token);
            await WriteInputAsync(process, request.Input, both.Token);
            await process.WaitForExitAsync(both.Token);
            return new Result(process.ExitCode, await output, await error, IsTimedOut: false);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
            return new Result(-1, "", $"killed after {request.Deadline.TotalSeconds:0} s", IsTimedOut: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)
                ?? throw new InvariantException("a process that is not shell-executed has a handle");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new UserException($"{start.FileName} cannot be started: {e.Message}",
                "Install it, or repair its permissions.",
                cause: e);
        }
    }

    private static async Task WriteInputAsync(Process process, string? input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code and error output say why.
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, Action<string>? onLine,
        CancellationToken cancellation)
    {
        var all = new StringBuilder();
        var line = new StringBuilder();
        var buffer = new char[4096];
        int count;
        while ((count = await reader.ReadAsync(buffer, cancellation)) > 0)
        {
            if (all.Length < MaxOutputChars)
            {
                all.Append(buffer, 0, Math.Min(count, MaxOutputChars - all.Length));
            }

            for (var i = 0; onLine is not null && i < count; i++)
            {
                if (buffer[i] is '\n' or '\r')
                {
                    onLine(line.ToString());
                    line.Clear();
                }
                else if (line.Length < 4096)
                {
                    line.Append(buffer[i]);
                }
            }
        }

        return all.ToString();
    }
}
