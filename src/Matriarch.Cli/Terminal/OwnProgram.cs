using System.Collections.Immutable;

namespace Matriarch.Cli;

/// <summary>How to start another process of this program: the executable, or <c>dotnet</c> with the assembly.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="LeadingArguments">Before the command.</param>
internal sealed record OwnProgram(string Path, ImmutableArray<string> LeadingArguments)
{
    /// <summary>The program of this process.</summary>
    public static OwnProgram Current()
    {
        var path = Environment.ProcessPath ?? System.IO.Path.Combine(AppContext.BaseDirectory, "matriarch");
        var isHost = string.Equals(
            System.IO.Path.GetFileNameWithoutExtension(path), "dotnet", StringComparison.Ordinal);
        return isHost
            ? new OwnProgram(path, [System.IO.Path.Combine(AppContext.BaseDirectory, "matriarch.dll")])
            : new OwnProgram(path, []);
    }
}
