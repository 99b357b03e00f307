using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>
/// The agent process: it steps the state machine, keeps the promise file and the gate, and does what effects say.
/// </summary>
internal sealed partial class World
{
    private void AgentHappens(SimulatedNode node, in Due due)
    {
        if (node.Agent is null || node.AgentEpoch != due.Epoch)
        {
            return;
        }

        if (node.IsFrozen)
        {
            // Its sockets and pipes go on filling, as far as they can; time-outs fire when it is thawed.
            if (node.Frozen.Count < 400)
            {
                node.Frozen.Add(due);
            }

            return;
        }

        switch (due.What)
        {
            case Occasion.Tick when due.Number == node.TickNumber:
                Tick(node);
                break;
            case Occasion.Arrive:
                Step(node, (ConsensusEvent)due.Payload!);
                break;
            case Occasion.Persisted:
                Persisted(node, (Promise)due.Payload!);
                break;
            case Occasion.Look:
                Look(node, due.Number == 1);
                break;
            case Occasion.Tell:
                Step(node, (ConsensusEvent)due.Payload!);
                break;
            case Occasion.Drive:
                Drive(node);
                break;
            case Occasion.Acted:
                Acted(node, (Posture)due.Payload!);
                break;
            case Occasion.RuleDue:
                WriteRule(node, (Effect.WriteRule)due.Payload!);
                break;
            case Occasion.RuleSeenWaiting:
                SeeRuleWaiting(node, (Commit)due.Payload!);
                break;
        }
    }

    private void Step(SimulatedNode node, ConsensusEvent happened)
    {
        if (happened is ConsensusEvent.Observed { Status.Reached: { } reached } observed && node.LastReached != reached)
        {
            node.LastReached = reached;
            Note(node, "has reached", reached, observed.Status.Position);
        }

        _effects.Clear();
        node.Agent!.Step(node.LocalTime(_agenda.Now), happened, _effects);
        foreach (var effect in _effects)
        {
            Do(node, effect);
        }

        WakeInTime(node);
    }

    /// <summary>
    /// The tick that the state machine asked for, a little late as in any real process. Some worlds tick all the time
    /// instead, and see to it that a tick before the announced time changes nothing: or else it was announced too late.
    /// </summary>
    private void Tick(SimulatedNode node)
    {
        var now = node.LocalTime(_agenda.Now);
        var announced = node.Agent!.NextWake;
        node.TickAt = long.MaxValue;
        if (now >= announced)
        {
            Step(node, ConsensusEvent.Tick.Instance);
        }
        else if (_profile.IsAttentive)
        {
            Step(node, ConsensusEvent.Tick.Instance);
            Checker.WasIdle(_effects, announced);
        }
        else
        {
            WakeInTime(node);
        }
    }

    private void WakeInTime(SimulatedNode node)
    {
        var wake = _profile.IsAttentive
            ? _agenda.Now + (_profile.TickMilliseconds * Profile.Millisecond)
            : node.TrueTime(node.Agent!.NextWake);
        if (wake < node.TickAt && node.TickAt > _agenda.Now)
        {
            node.TickAt = wake;
            var late = _profile.IsAttentive ? 0 : Upto(_profile.TickMilliseconds) - _agenda.Now;
            _agenda.Add(wake + late, Occasion.Tick, node.Index, node.AgentEpoch, ++node.TickNumber);
        }
    }

    private void Do(SimulatedNode node, Effect effect)
    {
        switch (effect)
        {
            case Effect.Send send:
                Checker.Sent(node, send.Message);
                Post(node, send.To, send.Message);
                break;
            case Effect.Persist persist:
                Note(node, "promises", persist.Promise);
                node.LastPersisted = Math.Max(
                    node.LastPersisted,
                    Upto(_agenda.Now < node.SlowUntil && !_isHealed ? 2000 : _profile.FsyncMilliseconds));
                _agenda.Add(
                    node.LastPersisted, Occasion.Persisted, node.Index, node.AgentEpoch, payload: persist.Promise);
                break;
            case Effect.Synchronize synchronize:
                Synchronize(node, synchronize.Standbys);
                break;
            case Effect.Assume assume:
                Note(node, "assumes", assume.Posture);
                node.Target = assume.Posture;
                _agenda.Add(Upto(1), Occasion.Drive, node.Index, node.AgentEpoch);
                break;
            case Effect.WriteRule write:
                _agenda.Add(Work(3), Occasion.RuleDue, node.Index, node.AgentEpoch, payload: write);
                break;
            case Effect.Serve serve:
                Serve(node, serve.Rule);
                break;
            case Effect.Report report:
                Note(node, report.Notice.Kind, report.Notice.Text);
                break;
            case Effect.Publish or Effect.Answer:
                break;
        }
    }

    private void Serve(SimulatedNode node, Rule? rule)
    {
        if (rule is null && _profile.Sabotage == Sabotage.GateIgnoresTheLease
            && node.Agent!.Phase != LeadershipPhase.HandingOver)
        {
            return;
        }

        Note(node, rule is null ? "gate closed" : "gate open", rule);
        if (rule is null || node.Serving?.Term != rule.Term)
        {
            node.GateEpoch++;
        }

        node.Serving = rule;
        if (rule is not null)
        {
            _checker.Serves(node, rule);
        }
    }

    private void Persisted(SimulatedNode node, Promise promise)
    {
        if (_profile.Sabotage != Sabotage.PromisesAreForgotten)
        {
            node.Durable = promise;
        }

        node.Owed = Term.Max(node.Owed, promise.Term);
        Step(node, new ConsensusEvent.Persisted(promise));
    }

    private void StartAgent(SimulatedNode node)
    {
        Checker.Starts(node);
        node.AgentEpoch++;
        node.Agent = new ConsensusNode(
            node.Id, node.Incarnation, node.Traits, _options, node.Durable, new Dice((ulong)_random.Next()),
            node.LocalTime(_agenda.Now));
        node.Target = new Posture.Idle();
        node.IsActing = node.IsLooking = false;
        node.LastReached = null;
        node.LastSeen = null;
        node.TickAt = long.MaxValue;
        node.Act = Act.None;
        Note(node, "agent starts with promise", node.Durable, node.Postgres?.State);
        Step(node, new ConsensusEvent.PeersKnown([.. _ids.Where(id => id != node.Id)]));
        _agenda.Add(Upto(20), Occasion.Look, node.Index, node.AgentEpoch, number: 1);
    }

    /// <summary>
    /// The agent is gone; its server lives on, and so may a promise that had reached the page cache but no fsync.
    /// </summary>
    private void KillAgent(SimulatedNode node)
    {
        if (node.Agent is null)
        {
            return;
        }

        Note(node, "agent is killed");
        InterruptAct(node);
        node.Agent = null;
        node.AgentEpoch++;
        node.IsFrozen = false;
        node.Frozen.Clear();
        node.Serving = null;
        node.GateEpoch++;
    }

    private void Thaw(SimulatedNode node)
    {
        if (node.Agent is null || !node.IsFrozen)
        {
            return;
        }

        Note(node, "agent is thawed");
        node.IsFrozen = false;
        node.TickAt = long.MaxValue;
        Step(node, ConsensusEvent.Tick.Instance);
        _checker.OneGate(node);
        var late = node.Frozen.ToArray();
        node.Frozen.Clear();
        foreach (var due in late)
        {
            _agenda.Add(_agenda.Now, due.What, due.Node, due.Epoch, due.Number, due.Payload);
        }
    }
}
