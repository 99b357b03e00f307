using Matriarch.Client;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// An operator's switchover from the question to the new primary. Asked of any agent; one that does not lead passes it
/// on to the one that does.
/// </summary>
internal sealed class SwitchoverRequests(
    NodeId self, string instance, string token, AgentState state, PeerDirectory peers, ConsensusLoop loop,
    EffectSink sink, Func<CancellationToken, Task> prepareHandover, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DoneLimit = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Moves the leadership and waits until the new primary serves.</summary>
    /// <param name="to">The wanted primary; none for the best one.</param>
    /// <param name="drain">How long running transactions may take; null for the leader's setting.</param>
    /// <param name="cancellation">Ends the waiting, not the switchover.</param>
    /// <exception cref="UserException">It was refused, abandoned, or did not end in time; the reason is in the
    /// events.</exception>
    public async Task<SwitchoverOutcome> RunAsync(NodeId to, TimeSpan? drain, CancellationToken cancellation)
    {
        if (state.Primary() is not { } primary)
        {
            throw new UserException("no node serves as primary now", "wait until one does; see: matriarch status");
        }

        if (!to.IsNone && to != self && peers.Find(to) is null)
        {
            throw new UserException(
                $"there is no node {to}", $"the nodes are {string.Join(", ", peers.Ids.Append(self).Order())}");
        }

        return primary == self
            ? await LeadAwayAsync(to, drain, cancellation)
            : await PassOnAsync(primary, to, drain, cancellation);
    }

    private async Task<SwitchoverOutcome> LeadAwayAsync(NodeId to, TimeSpan? drain, CancellationToken cancellation)
    {
        var before = loop.Snapshot.Known.Term;
        await prepareHandover(cancellation);
        var (id, asked) = sink.Ask();
        loop.Post(new ConsensusEvent.SwitchoverAsked(to, id, drain));
        try
        {
            var answer = await asked.WaitAsync(AnswerLimit, time, cancellation);
            if (answer.Error is { } error)
            {
                throw new UserException(error, answer.WhatToDo);
            }
        }
        finally
        {
            sink.Forget(id);
        }

        var startedAt = time.GetTimestamp();
        while (time.GetElapsedTime(startedAt) < DoneLimit)
        {
            if (loop.Snapshot.Known.Term > before && state.Primary() is { } primary)
            {
                if (!to.IsNone && primary != to)
                {
                    throw new UserException(
                        $"{to} did not take over; {primary} leads term {loop.Snapshot.Known.Term} instead",
                        "see why with: matriarch events");
                }

                return new SwitchoverOutcome(loop.Snapshot.Known.Term.Value, primary.Value);
            }

            if (loop.Snapshot is { Phase: LeadershipPhase.Serving } serving && serving.Known.Term == before)
            {
                throw new UserException(
                    $"the switchover was abandoned; {self} serves on in term {before}",
                    "see why with: matriarch events");
            }

            await Task.Delay(PollInterval, time, cancellation);
        }

        throw new UserException(
            $"no node serves {DoneLimit.TotalSeconds:F0} s after the switchover began",
            "see why with: matriarch events");
    }

    private async Task<SwitchoverOutcome> PassOnAsync(
        NodeId primary, NodeId to, TimeSpan? drain, CancellationToken cancellation)
    {
        var address = peers.Find(primary)!.Facts.Api;
        using var client = new AgentClient(new Uri($"http://{address}"), token);
        return await client.SwitchoverAsync(instance, to.IsNone ? null : to.Value, drain, cancellation) switch
        {
            AgentAnswer<SwitchoverOutcome>.Answered answered => answered.Value,
            AgentAnswer<SwitchoverOutcome>.Refused refused => throw new UserException(refused.Error, refused.WhatToDo),
            AgentAnswer<SwitchoverOutcome>.Unreachable unreachable => throw new UserException(
                $"the agent of the primary {primary} does not answer: {unreachable.Reason}", "see: matriarch status"),
            _ => throw new InvariantException("an unknown kind of answer"),
        };
    }
}
