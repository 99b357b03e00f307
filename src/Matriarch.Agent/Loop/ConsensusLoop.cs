using System.Collections.Concurrent;
using Matriarch.Consensus;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

/// <summary>
/// Steps the consensus of one node on a thread of its own, so that neither a busy thread pool nor a slow PostgreSQL
/// delays a heartbeat, and hands every effect to whom it concerns.
/// </summary>
internal sealed partial class ConsensusLoop : IDisposable
{
    private const int MostEvents = 8192;
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(10);

    private readonly BlockingCollection<ConsensusEvent> _events = new(MostEvents);
    private readonly ConsensusNode _node;
    private readonly IEffectSink _sink;
    private readonly TimeProvider _time;
    private readonly ILogger<ConsensusLoop> _logger;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _startedAt;

    private volatile LoopSnapshot _snapshot = LoopSnapshot.Nothing;

    public ConsensusLoop(
        NodeId self, Incarnation incarnation, NodeTraits traits, ConsensusOptions options, Promise promise,
        Random random,
        IEffectSink sink, TimeProvider time, ILogger<ConsensusLoop> logger)
    {
        (_sink, _time, _logger) = (sink, time, logger);
        _startedAt = time.GetTimestamp();
        _node = new ConsensusNode(self, incarnation, traits, options, promise, random, TimeSpan.Zero);
    }

    /// <summary>The state after the latest step.</summary>
    public LoopSnapshot Snapshot => _snapshot;

    /// <summary>Completes when the loop has ended; faulted when an invariant was violated.</summary>
    public Task Ended => _ended.Task;

    /// <summary>
    /// Tells the node what has happened. A message that finds the queue full is dropped, as a network would.
    /// </summary>
    public void Post(ConsensusEvent happened)
    {
        if (happened is ConsensusEvent.Received)
        {
            _events.TryAdd(happened);
        }
        else if (!_events.IsAddingCompleted)
        {
            _events.Add(happened);
        }
    }

    /// <summary>Starts the thread.</summary>
    public void Start() => UrgentThread.Start("consensus", Run);

    /// <summary>Lets the thread end after the events that are queued.</summary>
    public void Stop() => _events.CompleteAdding();

    public void Dispose() => _events.Dispose();

    private void Run()
    {
        var effects = new List<Effect>();
        try
        {
            while (!_events.IsCompleted)
            {
                var happened = _events.TryTake(out var next, TickInterval) ? next : ConsensusEvent.Tick.Instance;
                effects.Clear();
                var now = _time.GetTimestamp();
                _node.Step(_time.GetElapsedTime(_startedAt, now), happened, effects);
                _snapshot = new LoopSnapshot(
                    _node.Rule, _node.Known, _node.Promise, _node.Phase, _node.DesiredPosture, _node.CurrentVerdict,
                    _node.IsQuiesced, now, _node.IsChanging);
                foreach (var effect in effects)
                {
                    _sink.Apply(effect);
                }
            }

            _ended.SetResult();
        }
        catch (Exception e)
        {
            // Going on after a violated invariant could cost data; the voters' lease takes care of the rest.
            LogEnded(e);
            _ended.SetException(e);
        }
    }
}
