using System.Collections.Concurrent;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>Hands each effect of consensus to the part of the agent that carries it out.</summary>
internal sealed class EffectSink(
    UdpTransport transport, PromiseWriter promises, Driver driver, Publication publication, LeadershipFeed feed,
    EventOutbox events) : IEffectSink
{
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource<Effect.Answer>> _asked = new();
    private ulong _requests;

    /// <summary>Registers a question to consensus; its answer completes the task.</summary>
    public (ulong Id, Task<Effect.Answer> Answer) Ask()
    {
        var id = Interlocked.Increment(ref _requests);
        var answer = new TaskCompletionSource<Effect.Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        return (id, answer.Task);
    }

    /// <summary>Gives up waiting for an answer.</summary>
    public void Forget(ulong id) => _asked.TryRemove(id, out _);

    public void Apply(Effect effect)
    {
        switch (effect)
        {
            case Effect.Send send:
                transport.Send(send.To, send.Message);
                break;
            case Effect.Persist persist:
                promises.Write(persist.Promise);
                if (persist.Promise is { Kind: PromiseKind.Following, Term: var term, Node: var leader })
                {
                    driver.Expect(leader, term);
                }

                break;
            case Effect.Synchronize synchronize:
                driver.Want(synchronize.Standbys);
                break;
            case Effect.Assume assume:
                driver.Want(assume.Posture);
                feed.Wake();
                publication.Wake();
                break;
            case Effect.WriteRule write:
                _ = driver.WriteRuleAsync(write.Rule, write.Waits);
                break;
            case Effect.Serve:
                // Who serves is read from the snapshot of the loop; the record is to be written at once.
                feed.Wake();
                publication.Wake();
                break;
            case Effect.Drain drain:
                driver.Drain(drain.Id);
                break;
            case Effect.Publish publish:
                feed.Wake();
                publication.Publish(publish.Term, publish.Revision, publish.Primary);
                break;
            case Effect.Report report:
                events.Add(report.Notice);
                break;
            case Effect.Answer answer when _asked.TryRemove(answer.RequestId, out var asked):
                asked.SetResult(answer);
                break;
            case Effect.Answer:
                break;
            default:
                throw new InvariantException($"unknown effect {effect.GetType().Name}");
        }
    }
}
