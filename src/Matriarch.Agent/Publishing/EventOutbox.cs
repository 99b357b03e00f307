using System.Threading.Channels;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Topology;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

/// <summary>
/// The story of this node on its way to the log and the topology store. Bounded: while the store is down the newest
/// events wait, older ones remain in the log only, and how many is told.
/// </summary>
internal sealed partial class EventOutbox(
    InstanceDirectory directory, NodeId self, TimeProvider time, ILogger<EventOutbox> logger)
{
    private const int MostWaiting = 1000;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);

    private readonly Channel<NewEvent> _waiting = Channel.CreateBounded<NewEvent>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Logs the event and queues it for the store.</summary>
    public void Add(Notice notice) => Add(notice, null);

    /// <summary>Adds an event of the agent itself.</summary>
    public void Add(string kind, NoticeSeverity severity, Term term, string text, ToldFact? fact = null) =>
        Add(new Notice(kind, severity, term, text), fact);

    /// <summary>Writes to the store until cancelled, each event until it is there.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var happened in _waiting.Reader.ReadAllAsync(cancellation))
            {
                while (!await TryAppendAsync(happened, cancellation))
                {
                    await Task.Delay(RetryInterval, time, cancellation);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What still waited is in the log.
        }
    }

    /// <summary>Writes what waits, once, as far as the store takes it; for the end of the agent.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        while (_waiting.Reader.TryRead(out var happened) && await TryAppendAsync(happened, cancellation))
        {
        }
    }

    private void Add(Notice notice, ToldFact? fact)
    {
        var severity = notice.Severity switch
        {
            NoticeSeverity.Error => EventSeverity.Error,
            NoticeSeverity.Warning => EventSeverity.Warning,
            _ => EventSeverity.Info,
        };
        var level = notice.Severity switch
        {
            NoticeSeverity.Error => LogLevel.Error,
            NoticeSeverity.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        LogEvent(level, notice.Kind, notice.Term.Value, notice.Text);
        _waiting.Writer.TryWrite(
            new NewEvent(time.GetUtcNow(), self, notice.Kind, severity, notice.Text, notice.Term, fact));
    }

    private async Task<bool> TryAppendAsync(NewEvent happened, CancellationToken cancellation)
    {
        try
        {
            await directory.AppendEventAsync(happened, cancellation);
            return true;
        }
        catch (StoreUnavailableException e)
        {
            LogStoreUnavailable(e.Message);
            return false;
        }
    }
}
