using System.Globalization;
using Matriarch.Core;
using Matriarch.Postgres;
using Matriarch.Topology;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

/// <summary>
/// While this node serves, carries the events of the topology store into matriarch.event, in the order of their ids
/// and each once, and keeps that table and the one of the rules bounded. Where it goes on is read from the table at
/// the begin of each term, since that is what a failover left of it.
/// </summary>
internal sealed partial class EventTableWriter(
    InstanceDirectory directory, Bookkeeping books, Func<LoopSnapshot> loop, int kept, TimeProvider time,
    ILogger<EventTableWriter> logger)
{
    /// <summary>Rules that are kept whatever their term.</summary>
    public const int KeptRules = 1000;

    /// <summary>The newest terms of which every rule is kept.</summary>
    public const int KeptTerms = 10;

    private const int BatchSize = 500;
    private const int MostSteps = 10;
    private const int TrimEvery = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RulesInterval = TimeSpan.FromMinutes(10);

    private Term? _preparedFor;
    private long _last;
    private int _sinceTrim;
    private long _rulesTrimmedAt;
    private string? _fault;

    /// <summary>Writes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await RoundAsync(cancellation);
                await Task.Delay(Interval, time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The agent ends; whoever serves next goes on.
        }
    }

    /// <summary>Writes what there is to write, in bounded steps; does nothing while this node does not serve.</summary>
    public async Task RoundAsync(CancellationToken cancellation)
    {
        if (loop() is not { IsServing: true, Known.Term: var term })
        {
            _preparedFor = null;
            return;
        }

        try
        {
            var reason = await PrepareAsync(term, cancellation)
                ?? await CopyAsync(cancellation)
                ?? await TrimEventsAsync(cancellation)
                ?? await TrimRulesAsync(cancellation);
            if (reason is not null)
            {
                _preparedFor = null;
                Tell(reason);
            }
            else if (_fault is not null)
            {
                _fault = null;
                LogGoesOn();
            }
        }
        catch (StoreUnavailableException)
        {
            // Told as a fact of this node; the events wait where they are.
        }
    }

    private async Task<string?> PrepareAsync(Term term, CancellationToken cancellation)
    {
        if (_preparedFor == term)
        {
            return null;
        }

        switch (await books.PrepareAsync(cancellation))
        {
            case BookkeepingOutcome.Done done:
                (_preparedFor, _last, _sinceTrim, _rulesTrimmedAt) = (term, done.Number, TrimEvery, 0);
                return null;
            case var other:
                return ((BookkeepingOutcome.Failed)other).Reason;
        }
    }

    private async Task<string?> CopyAsync(CancellationToken cancellation)
    {
        for (var step = 0; step < MostSteps; step++)
        {
            var after = _last == 0 ? null : _last.ToString("D16", CultureInfo.InvariantCulture);
            var records = await directory.ListEventsAsync(after, BatchSize, cancellation);
            if (records.Count == 0)
            {
                break;
            }

            if (await books.AppendAsync([.. records.Select(Row)], cancellation) is BookkeepingOutcome.Failed failed)
            {
                return failed.Reason;
            }

            _last = NumberOf(records[^1]);
            _sinceTrim += records.Count;
        }

        return null;
    }

    private async Task<string?> TrimEventsAsync(CancellationToken cancellation)
    {
        if (_sinceTrim < TrimEvery)
        {
            return null;
        }

        var (isDone, reason) = await RepeatAsync(() => books.TrimEventsAsync(kept, cancellation));
        _sinceTrim = isDone ? 0 : _sinceTrim;
        return reason;
    }

    private async Task<string?> TrimRulesAsync(CancellationToken cancellation)
    {
        if (_rulesTrimmedAt != 0 && time.GetElapsedTime(_rulesTrimmedAt) < RulesInterval)
        {
            return null;
        }

        var (isDone, reason) = await RepeatAsync(() => books.TrimRulesAsync(KeptRules, KeptTerms, cancellation));
        _rulesTrimmedAt = isDone ? time.GetTimestamp() : 0;
        return reason;
    }

    /// <summary>Deletes step by step, until a step was not a full one or it is enough for this round.</summary>
    private static async Task<(bool IsDone, string? Reason)> RepeatAsync(Func<Task<BookkeepingOutcome>> delete)
    {
        for (var step = 0; step < MostSteps; step++)
        {
            switch (await delete())
            {
                case BookkeepingOutcome.Failed failed:
                    return (false, failed.Reason);
                case BookkeepingOutcome.Done { Number: < Bookkeeping.MostDeleted }:
                    return (true, null);
                default:
                    break;
            }
        }

        return (false, null);
    }

    private static StoredEvent Row(EventRecord record) => new(
        NumberOf(record), record.At, record.Node, record.Kind, record.Severity.ToString().ToLowerInvariant(),
        record.Term, record.Message);

    private static long NumberOf(EventRecord record) =>
        long.Parse(record.Id, NumberStyles.None, CultureInfo.InvariantCulture);

    private void Tell(string reason)
    {
        if (_fault != reason)
        {
            LogWaits(reason);
        }

        _fault = reason;
    }
}
