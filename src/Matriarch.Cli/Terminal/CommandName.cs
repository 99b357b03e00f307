using System.Buffers;
using Matriarch.Client;

namespace Matriarch.Cli;

/// <summary>How the person types commands here, so that a line on the screen can be copied.</summary>
internal static class CommandName
{
    private const string Plain = "matriarch";
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(" '\"$`\\&;|<>()*?[]#~!");

    /// <summary>
    /// <c>./matriarch</c> in a clone, the script's path elsewhere, the plain name when it is installed.
    /// </summary>
    public static string Find(CliEnvironment environment)
    {
        var here = Directory.GetCurrentDirectory();
        var start = Path.GetDirectoryName(environment.Program.Path);
        for (var above = start; above is not null; above = Path.GetDirectoryName(above))
        {
            var script = Path.Combine(above, Plain);
            if (File.Exists(Path.Combine(above, "up")) && File.Exists(script))
            {
                return string.Equals(above, here, StringComparison.Ordinal) ? "./" + Plain : ShellWord(script);
            }
        }

        return Plain;
    }

    /// <summary>
    /// The flag by which commands find this cluster from here; empty when they find it by themselves.
    /// </summary>
    public static string Flags(CliEnvironment environment, ClusterPaths paths)
    {
        var found = ClusterPaths.Find(null, environment.Variable(ClusterPaths.DirectoryVariable));
        return found == paths ? "" : " --dir " + ShellWord(paths.Root);
    }

    private static string ShellWord(string text) =>
        text.AsSpan().ContainsAny(NeedQuotes)
            ? "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'"
            : text;
}
