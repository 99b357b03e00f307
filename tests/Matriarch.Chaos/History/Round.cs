using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>What was heard and found during one round, from one convergence to the next.</summary>
internal sealed record Round
{
    public ImmutableArray<Write> Writes { get; init; } = [];

    public ImmutableArray<Read> Reads { get; init; } = [];

    /// <summary>matriarch.rule of every node, at the end.</summary>
    public ImmutableArray<RuleRow> Rules { get; init; } = [];

    /// <summary>The history files of every node, at the end.</summary>
    public ImmutableArray<TimelineFile> Timelines { get; init; } = [];

    /// <summary>The nodes that were rewound or copied anew: what they showed before may be gone.</summary>
    public ImmutableHashSet<string> Rewound { get; init; } = [];

    /// <summary>
    /// The nodes whose agent was frozen or gone while their PostgreSQL ran: nobody ends its lease. A documented hole
    /// until a pooler is in the path.
    /// </summary>
    public ImmutableHashSet<string> Unfenced { get; init; } = [];

    /// <summary>Timelines that somebody began by hand.</summary>
    public ImmutableHashSet<long> Foreign { get; init; } = [];
}
