using System.Collections.Immutable;

namespace Matriarch.Bench.Failover;

/// <summary>What one run showed. In JSON as it is; times in milliseconds.</summary>
internal sealed record RunResult
{
    public required string System { get; init; }

    public required string Fault { get; init; }

    /// <summary>From 1, for each fault and system.</summary>
    public required int Run { get; init; }

    /// <summary>When the fault began, on the wall clock: to find it in logs.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The node that led.</summary>
    public required string Primary { get; init; }

    /// <summary>The node that wrote after it; may be the same where a server was restarted.</summary>
    public string? Successor { get; init; }

    /// <summary>
    /// The longest time between two acknowledged writes of all clients around the fault; null when writes did not come
    /// back.
    /// </summary>
    public double? OutageMs { get; init; }

    /// <summary>From the fault to the first acknowledgement by another server, or another life of the same.</summary>
    public double? FirstWriteMs { get; init; }

    /// <summary>From writes being back to all three nodes being healthy, after the node was healed.</summary>
    public double? HealMs { get; init; }

    /// <summary>The longest time without an acknowledged write while the cluster healed.</summary>
    public double? HealingGapMs { get; init; }

    public required int Clients { get; init; }

    /// <summary>Clients that saw any error from the fault on.</summary>
    public int ClientsWithErrors { get; init; }

    /// <summary>Sessions or writes that failed from the fault on.</summary>
    public int FailedWrites { get; init; }

    /// <summary>Attempts to connect that failed from the fault on.</summary>
    public int FailedConnects { get; init; }

    /// <summary>The errors by SQLSTATE or kind.</summary>
    public ImmutableSortedDictionary<string, int> Errors { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    public int Acknowledged { get; init; }

    /// <summary>
    /// Acknowledged writes that are not in the database after the fault has healed; null when it could not be read.
    /// </summary>
    public int? Lost { get; init; }

    /// <summary>The load average of one minute.</summary>
    public double LoadBefore { get; init; }

    public double LoadAfter { get; init; }

    /// <summary>What did not happen; null for a complete run.</summary>
    public string? Failure { get; init; }
}
