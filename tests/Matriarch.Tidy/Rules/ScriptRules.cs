using System.Diagnostics;

namespace Matriarch.Tidy;

/// <summary>Shell scripts are programs too.</summary>
internal static class ScriptRules
{
    /// <summary>sh or bash by its first line or its ending; null for what is no shell script.</summary>
    public static string? ShellOf(SourceFile file) =>
        file.Lines[0].StartsWith("#!", StringComparison.Ordinal)
            ? file.Lines[0].Split('/', ' ')[^1] is var shell && (shell is "bash" or "sh") ? shell : null
            : file.Extension == ".sh" ? "sh" : null;

    /// <summary>Whether the shell can read it, and shellcheck, where it is installed, has nothing to say.</summary>
    /// <param name="path">Absolute.</param>
    public static IEnumerable<Finding> Check(SourceFile file, string path)
    {
        if (ShellOf(file) is not { } shell)
        {
            yield break;
        }

        foreach (var complaint in Complaints(shell, "-n", path))
        {
            yield return new(file.Path, 0, complaint);
        }

        if (HasShellCheck)
        {
            foreach (var complaint in Complaints("shellcheck", "-f", "gcc", "-s", shell, "-x", path))
            {
                yield return new(file.Path, 0, complaint);
            }
        }
    }

    /// <summary>A file with a first line that names its interpreter can be run.</summary>
    public static IEnumerable<Finding> Mode(SourceFile file, UnixFileMode mode)
    {
        if (file.Lines[0].StartsWith("#!", StringComparison.Ordinal) && !mode.HasFlag(UnixFileMode.UserExecute))
        {
            yield return new(file.Path, 0, "is a program and cannot be executed: chmod +x");
        }
    }

    private static bool HasShellCheck { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "shellcheck")));

    private static List<string> Complaints(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return process.ExitCode == 0 ? [] : [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(20)];
    }
}
