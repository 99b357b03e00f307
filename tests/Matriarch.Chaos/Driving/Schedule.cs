using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>
/// Which faults, when: all drawn from the seed, so that a round can be drawn again. Every fault of the list comes up
/// once before one comes up again as the first of its round.
/// </summary>
internal sealed class Schedule(ImmutableArray<string> names, int seed)
{
    private const int HoldFrom = 1000;
    private const int HoldTo = 8000;
    private const int MostBetween = 1500;

    private readonly Random _random = new(seed);
    private readonly Queue<string> _next = new();

    /// <summary>A round of one fault, or of two that may be on together.</summary>
    public Plan Next()
    {
        if (_next.Count == 0)
        {
            var all = names.ToArray();
            _random.Shuffle(all);
            Array.ForEach(all, _next.Enqueue);
        }

        var first = FaultCatalogue.Make(_next.Dequeue());
        var second = FaultCatalogue.Make(names[_random.Next(names.Length)]);
        var isAlone = _random.Next(2) == 0 || first.Name == second.Name || first.Kind == "all"
            || (first.Kind is not null && first.Kind == second.Kind) || second.Kind == "all";
        return Of(isAlone ? [first] : [first, second]);
    }

    /// <summary>A round of given faults.</summary>
    public Plan Of(ImmutableArray<Fault> faults) => new(
        faults, TimeSpan.FromMilliseconds(_random.Next(MostBetween)),
        TimeSpan.FromMilliseconds(_random.Next(HoldFrom, HoldTo)), _random.Next());
}
