using System.Globalization;

namespace Matriarch.Simulation;

/// <summary>Plays many seeds and prints what became of them.</summary>
internal sealed class Player(Sabotage sabotage, bool tells)
{
    private readonly SortedDictionary<int, string> _failures = [];
    private long _events;
    private long _writes;
    private long _reads;
    private long _reigns;
    private long _lost;

    /// <param name="time">For the speed only.</param>
    /// <param name="from">The first seed.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="threads">How many at once.</param>
    /// <param name="show">Of how many failing ones the story is told.</param>
    public int Run(TimeProvider time, int from, int seeds, int threads, int show)
    {
        var started = time.GetTimestamp();
        Parallel.For(from, from + seeds, new ParallelOptions { MaxDegreeOfParallelism = threads }, PlayOne);
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        var busy = Environment.CpuUsage.TotalTime.TotalSeconds;
        foreach (var (seed, wrong) in _failures)
        {
            Console.WriteLine($"seed {seed}: {(show-- > 0 ? wrong : wrong.Split('\n')[0])}");
            Console.WriteLine($"  its story: ./matriarch-sim --from {seed} --seeds 1 --trace");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{seeds} seeds in {seconds:F1} s ({seeds / seconds:F0} seeds/s, " +
            $"{seeds / busy:F0} per second of processor time, " +
            $"{(double)_events / seeds:F0} events each), {_reigns} reigns, {_writes} acknowledged writes, " +
            $"{_reads} reads, {_lost} beyond repair, {_failures.Count} failures"));
        return _failures.Count == 0 ? 0 : 1;
    }

    private void PlayOne(int seed)
    {
        var world = new World(seed, sabotage);
        var wrong = world.Play();
        lock (_failures)
        {
            _events += world.Events;
            _writes += world.Checks.Acknowledgements;
            _reads += world.Checks.ReadCount;
            _lost += world.WasBeyondRepair ? 1 : 0;
            _reigns += world.Checks.Reigns;
            if (wrong is not null)
            {
                _failures[seed] = wrong;
            }
            else if (tells)
            {
                Console.WriteLine($"seed {seed} is well\n{world.Story}");
            }
        }
    }
}
