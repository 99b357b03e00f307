using System.Globalization;
using Xunit.Runner.InProc.SystemConsole;

namespace Matriarch.Simulation;

/// <summary>
/// Without arguments of its own this is a test program; with
/// <c>--seeds N [--from S] [--threads T] [--show F] [--trace] [--sabotage K]</c> it plays so many seeds and prints how
/// fast, what happened in total, and each failing one; <c>./matriarch-sim</c> is the way to call it.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (!args.Contains("--seeds"))
        {
            return await ConsoleRunner.Run(args);
        }

        var seeds = Number(args, "--seeds", 1000);
        var show = args.Contains("--trace") ? int.MaxValue : Number(args, "--show", 1);
        var player = new Player((Sabotage)Number(args, "--sabotage", 0), args.Contains("--trace"));
        return player.Run(
            TimeProvider.System, Number(args, "--from", 1), seeds, Number(args, "--threads", 1), show);
    }

    private static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
