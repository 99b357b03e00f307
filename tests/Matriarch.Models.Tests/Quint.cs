using System.Globalization;
using Matriarch.TestKit;

namespace Matriarch.Models.Tests;

/// <summary>Runs Quint (npm, into artifacts/npm) on the specifications of models/.</summary>
internal static class Quint
{
    private static readonly string? Program = Find(
        Path.Combine("npm", "node_modules", "@informalsystems", "quint", "dist", "src", "cli.js"));

    public static bool IsInstalled => Program is not null;

    /// <summary>What it printed; a violation or an error is a failure with all of that.</summary>
    public static async Task<string> RunAsync(string command, string file, params string[] arguments)
    {
        var model = Find(Path.Combine("models", file))
            ?? throw new InvalidOperationException("These tests read the clone that they were built in");
        return await TestProcess.RunAsync("node", [Program!, command, .. arguments, model]);
    }

    /// <summary>Where it is missing, the test is skipped; not so where CI=true promises that it is there.</summary>
    public static void Require()
    {
        if (!IsInstalled)
        {
            const string Message = "quint (npm, into artifacts/npm) is not installed: ./test installs it";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Message);
            Assert.Skip(Message);
        }
    }

    /// <summary>In how many samples a witness was seen.</summary>
    public static int Witnessed(string output, string witness)
    {
        var words = $"{witness} was witnessed in ";
        var line = output.Split('\n').FirstOrDefault(l => l.StartsWith(words, StringComparison.Ordinal));
        Assert.True(line is not null, $"quint says nothing of {witness}:\n{output}");
        return int.Parse(line.Split(' ')[4], CultureInfo.InvariantCulture);
    }

    // The folder of build results, and the clone, are somewhere above this program.
    private static string? Find(string path)
    {
        for (var here = AppContext.BaseDirectory; here is not null; here = Path.GetDirectoryName(here))
        {
            if (File.Exists(Path.Combine(here, path)))
            {
                return Path.Combine(here, path);
            }
        }

        return null;
    }
}
