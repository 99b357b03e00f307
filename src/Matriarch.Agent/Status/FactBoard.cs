using System.Collections.Immutable;
using Matriarch.Client;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>
/// Looks ten times a second, computes all facts from scratch, keeps since when each holds, and tells every change as
/// one event, which is one line of the log.
/// </summary>
internal sealed class FactBoard(
    PictureSource pictures, NodeId self, EventOutbox events, InstanceDirectory directory, TimeProvider time)
{
    private const int MostRemembered = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly long _startedAt = time.GetTimestamp();
    private readonly FactTracker _tracker = new();
    private ImmutableArray<HeldFact> _held = [];

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            var remembered = ReadAsync(cancellation);
            using var timer = new PeriodicTimer(Interval, time);
            do
            {
                if (remembered.IsCompleted)
                {
                    _tracker.Remember(await remembered); // a fault of ours ends the agent, like that of any part
                }

                Look();
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The agent ends.
        }
    }

    /// <summary>One look.</summary>
    public void Look()
    {
        var picture = pictures.Take();
        var isTeller = picture.IsTeller;
        var report = _tracker.Look(
            StatusFacts.Of(picture), time.GetElapsedTime(_startedAt), time.GetUtcNow(),
            fact => fact.Scope == FactScope.Node || isTeller);
        ImmutableInterlocked.InterlockedExchange(ref _held, [.. _tracker.Held]);
        var term = picture.Decided.Known.Term;
        foreach (var change in report.Changes)
        {
            events.Add(change.EventKind, SeverityOf(change.Severity), term, change.Text, FactMemory.Of(change));
        }

        if (report.Skipped > 0)
        {
            events.Add(
                "facts-skipped", NoticeSeverity.Warning, term,
                $"{self}: {report.Skipped} more changes came and went while there were too many to tell");
        }
    }

    /// <summary>The status with what holds now.</summary>
    public StatusDocument AddTo(StatusDocument document)
    {
        var now = time.GetElapsedTime(_startedAt);
        var held = ImmutableInterlocked.InterlockedCompareExchange(ref _held, default, default);
        var facts = StatusComposer.Sorted(held.Select(h => new FactEntry(
            h.Fact.Topic, h.Fact.Node.IsNone ? null : h.Fact.Node.Value, h.Fact.Kind, h.Fact.Severity, h.At,
            Math.Max(0, Math.Round((now - h.Since).TotalSeconds, 1)), h.Fact.Text, h.Fact.Scope)));
        return new StatusDocument([.. document.Instances.Select(i => i with { Facts = facts })]);
    }

    private async Task<IReadOnlyList<StatusFact>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return FactMemory.Read(await directory.ListNewestEventsAsync(MostRemembered, cancellation), self);
        }
        catch (StoreUnavailableException)
        {
            return []; // Told as a fact of this node; it begins without a memory.
        }
    }

    private static NoticeSeverity SeverityOf(FactSeverity severity) => severity switch
    {
        FactSeverity.Error => NoticeSeverity.Error,
        FactSeverity.Warning => NoticeSeverity.Warning,
        _ => NoticeSeverity.Info,
    };
}
