using System.Globalization;
using Matriarch.Client;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Topology;

namespace Matriarch.Agent;

/// <summary>
/// What operators ask of an instance beside a switchover. Asked of any agent; what only the leader can do is passed on
/// to it, once: the agent asked for it must lead, so a stale idea of who leads never goes round.
/// </summary>
internal sealed class OperatorRequests(
    NodeId self, string instance, string token, AgentState state, PeerDirectory peers, ConsensusLoop loop,
    EffectSink sink, InstanceDirectory directory, TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DoneLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Changes the durability policy, and waits until it is in force.</summary>
    /// <exception cref="UserException">Refused, or not in force in time.</exception>
    public async Task<DurabilityOutcome> SetDurabilityAsync(string text, CancellationToken cancellation)
    {
        DurabilityPolicy policy;
        try
        {
            policy = DurabilityPolicy.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UserException(e.Message, "for example: matriarch durability majority");
        }

        if (Leader() is { } leader)
        {
            using var client = Connect(leader);
            return Unwrap(leader, await client.SetDurabilityAsync(instance, text, cancellation));
        }

        await AskAsync(id => new ConsensusEvent.PolicyAsked(policy, id), cancellation);
        await UntilAsync(
            () => loop.Snapshot is { IsChanging: false, Rule: { } rule } && rule.Policy == policy
                && rule.Leader == self,
            $"durability {policy} is not in force", cancellation);
        return new DurabilityOutcome(state.Status().Instances[0].Durability);
    }

    /// <summary>Strikes a node that is gone off the instance: its vote, its slots, its record in the store.</summary>
    /// <exception cref="UserException">Refused, or not done in time.</exception>
    public async Task<RemovalOutcome> RemoveAsync(NodeId node, CancellationToken cancellation)
    {
        if (Leader() is { } leader)
        {
            using var client = Connect(leader);
            return Unwrap(leader, await client.RemoveNodeAsync(instance, node.Value, cancellation));
        }

        var wasVoter = loop.Snapshot.Rule?.HasVoter(node) == true;
        await AskAsync(id => new ConsensusEvent.RemovalAsked(node, id), cancellation);
        await UntilAsync(
            () => loop.Snapshot.Rule?.HasVoter(node) == false && !loop.Snapshot.IsChanging,
            $"{node} still votes", cancellation);
        peers.Forget(node);
        loop.Post(new ConsensusEvent.PeersKnown(peers.Ids));
        await directory.RemoveNodeAsync(node, cancellation);
        return new RemovalOutcome(node.Value, wasVoter);
    }

    /// <summary>This node goes on alone, without the majority that is gone for good.</summary>
    /// <exception cref="UserException">Refused, or it does not serve in time.</exception>
    public async Task<SwitchoverOutcome> RecoverAsync(CancellationToken cancellation)
    {
        await AskAsync(id => new ConsensusEvent.RecoveryAsked(id), cancellation);
        await UntilAsync(() => loop.Snapshot.IsServing, $"{self} does not serve", cancellation);
        return new SwitchoverOutcome(loop.Snapshot.Known.Term.Value, self.Value);
    }

    /// <summary>The node that leads, if it is another one; null when this one is to try itself.</summary>
    private NodeId? Leader() => state.Primary() switch
    {
        null => throw new UserException("no node serves as primary now", "wait until one does; see: matriarch status"),
        { } primary when primary == self => null,
        var other => other,
    };

    private AgentClient Connect(NodeId leader) =>
        new(new Uri($"http://{peers.Find(leader)!.Facts.Api}"), token);

    private static T Unwrap<T>(NodeId leader, AgentAnswer<T> answer) => answer switch
    {
        AgentAnswer<T>.Answered answered => answered.Value,
        AgentAnswer<T>.Refused refused => throw new UserException(refused.Error, refused.WhatToDo),
        AgentAnswer<T>.Unreachable gone => throw new UserException(
            $"the agent of the primary {leader} does not answer: {gone.Reason}", "see: matriarch status"),
        _ => throw new InvariantException("an unknown kind of answer"),
    };

    private async Task AskAsync(Func<ulong, ConsensusEvent> question, CancellationToken cancellation)
    {
        var (id, asked) = sink.Ask();
        loop.Post(question(id));
        try
        {
            var answer = await asked.WaitAsync(AnswerLimit, time, cancellation);
            if (answer.Error is { } error)
            {
                throw new UserException(error, answer.WhatToDo);
            }
        }
        catch (TimeoutException e)
        {
            throw new UserException($"the consensus of {self} did not answer", "see the agent's log", cause: e);
        }
        finally
        {
            sink.Forget(id);
        }
    }

    private async Task UntilAsync(Func<bool> isDone, string otherwise, CancellationToken cancellation)
    {
        var startedAt = time.GetTimestamp();
        while (!isDone())
        {
            if (time.GetElapsedTime(startedAt) > DoneLimit)
            {
                throw new UserException(
                    string.Create(CultureInfo.InvariantCulture, $"{otherwise} after {DoneLimit.TotalSeconds:F0} s"),
                    "see why with: matriarch events");
            }

            await Task.Delay(PollInterval, time, cancellation);
        }
    }
}
