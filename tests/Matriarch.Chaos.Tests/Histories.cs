using System.Collections.Immutable;

namespace Matriarch.Chaos.Tests;

/// <summary>Histories made by hand; times are milliseconds.</summary>
internal static class Histories
{
    public static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>A write that was acknowledged, of a leader that is on the timeline of its term.</summary>
    public static Write Done(long first, int from, int to, string node = "a", long term = 1, int count = 1) =>
        new(first, count, Ms(from), Ms(to), Outcome.Acknowledged, new Answerer(node, term, term));

    public static Write Unsure(long first, int from, int to, int count = 1) =>
        new(first, count, Ms(from), Ms(to), Outcome.Unknown, null, "08006");

    /// <summary>A primary read of all rows.</summary>
    public static Read Primary(int from, int to, string node, long term, params long[] ids) =>
        new(false, Ms(from), Ms(to), 0, [.. ids], new Answerer(node, term), false);

    /// <summary>A direct read of a replica.</summary>
    public static Read Replica(int from, int to, string node, params long[] ids) =>
        new(true, Ms(from), Ms(to), 0, [.. ids], new Answerer(node, 1), true);

    public static Round Round(params object[] heard) => new()
    {
        Writes = [.. heard.OfType<Write>()],
        Reads = [.. heard.OfType<Read>()],
        Rules = [.. heard.OfType<RuleRow>()],
        Timelines = [.. heard.OfType<TimelineFile>()],
    };

    /// <summary>The properties that the rounds, one after the other, violate.</summary>
    public static ImmutableArray<string> Violated(params Round[] rounds)
    {
        var checker = new HistoryChecker();
        return [.. rounds.SelectMany(r => checker.Check(r).Violations).Select(v => v.Property).Distinct()];
    }
}
