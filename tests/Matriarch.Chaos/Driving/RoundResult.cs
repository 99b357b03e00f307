using System.Collections.Immutable;
using System.Globalization;

namespace Matriarch.Chaos;

/// <summary>What a round was like.</summary>
internal sealed record RoundResult
{
    public required int Number { get; init; }

    public required ImmutableArray<string> Names { get; init; }

    public required string Faults { get; init; }

    /// <summary>From the first fault to the beginning of the heal.</summary>
    public TimeSpan Held { get; init; }

    /// <summary>The longest time without an acknowledged write, from the first fault to the end.</summary>
    public TimeSpan Outage { get; init; }

    /// <summary>From the heal to a healthy cluster.</summary>
    public TimeSpan Converged { get; init; }

    public int Acknowledged { get; init; }

    public int Reads { get; init; }

    /// <summary>Of writes and sessions, by SQLSTATE or kind of exception.</summary>
    public ImmutableSortedDictionary<string, int> Errors { get; init; } =
        ImmutableSortedDictionary<string, int>.Empty;

    public ImmutableSortedDictionary<string, int> Documented { get; init; } =
        ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>What is worth knowing, and no failure.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    public ImmutableArray<Violation> Violations { get; init; } = [];

    /// <summary>What did not happen in time; null when the cluster converged.</summary>
    public string? NotConverged { get; init; }

    public bool IsClean => Violations.IsEmpty && NotConverged is null;

    public override string ToString()
    {
        var errors = string.Join(' ', Errors.Select(e => $"{e.Key}:{e.Value}"));
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"round {Number,3} {Faults}: held {Held.TotalSeconds:F1} s, outage {Outage.TotalSeconds:F1} s, "
            + $"converged in {Converged.TotalSeconds:F1} s, {Acknowledged} acknowledged, {Reads} reads, ")
            + $"errors [{errors}]";
        text += string.Concat(Documented.Select(d => $"\n          allowed: {d.Key}: {d.Value}"));
        text += string.Concat(Notes.Select(n => $"\n          note: {n}"));
        text += string.Concat(Violations.Select(v => $"\n  VIOLATION {v.Property}: {v.Message}"));
        return NotConverged is null ? text : $"{text}\n  NOT CONVERGED {NotConverged}";
    }
}
