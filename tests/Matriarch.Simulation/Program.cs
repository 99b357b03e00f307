using System.Globalization;
using Xunit.Runner.InProc.SystemConsole;

namespace Matriarch.Simulation;

/// <summary>
/// Without arguments of its own this is a test program; with
/// <c>--seeds N [--from S] [--threads T] [--show F] [--sabotage K]</c>
/// it plays so many seeds, prints how fast, and each failing one with its story.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["--seeds", ..])
        {
            return await ConsoleRunner.Run(args);
        }

        var seeds = Number(args, "--seeds", 1000);
        var from = Number(args, "--from", 1);
        var threads = Number(args, "--threads", 1);
        var show = Number(args, "--show", 1);
        var sabotage = (Sabotage)Number(args, "--sabotage", 0);
        return Run(TimeProvider.System, from, seeds, threads, show, sabotage);
    }

    private static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }

    private static int Run(TimeProvider time, int from, int seeds, int threads, int show, Sabotage sabotage)
    {
        var started = time.GetTimestamp();
        var failures = new SortedDictionary<int, string>();
        long events = 0, writes = 0, reads = 0, reigns = 0, lost = 0;
        Parallel.For(from, from + seeds, new ParallelOptions { MaxDegreeOfParallelism = threads }, seed =>
        {
            var world = new World(seed, sabotage);
            var wrong = world.Play();
            lock (failures)
            {
                events += world.Events;
                writes += world.Checks.Acknowledgements;
                reads += world.Checks.ReadCount;
                lost += world.WasBeyondRepair ? 1 : 0;
                reigns += world.Checks.Reigns;
                if (wrong is not null)
                {
                    failures[seed] = wrong;
                }
            }
        });
        foreach (var (seed, wrong) in failures)
        {
            Console.WriteLine($"seed {seed}: {(show-- > 0 ? wrong : wrong.Split('\n')[0])}");
        }

        var seconds = time.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{seeds} seeds in {seconds:F1} s ({seeds / seconds:F0} seeds/s, {events / seconds:F0} events/s), " +
            $"{reigns} reigns, {writes} acknowledged writes, {reads} reads, {lost} beyond repair, " +
            $"{failures.Count} failures"));
        return failures.Count == 0 ? 0 : 1;
    }
}
