using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Models.Tests;

/// <summary>What each step of the model stands for.</summary>
internal sealed partial class Replayer
{
    private void Perform(ModelState before, ModelState after)
    {
        if (after.Now > before.Now)
        {
            _clock.GoTo(after.Now);
        }
        else
        {
            _clock.LetAllFallSilent();
        }

        foreach (var node in _nodes.Values)
        {
            node.Outbox.Clear();
        }

        var deed = after.Deed;
        if (deed.Name == "tick")
        {
            foreach (var name in after.Names.Where(n => before.Nodes[n].IsLeading))
            {
                Watch(before, _nodes[name]);
                _nodes[name].Tick();
            }
        }
        else if (deed.Node.Length > 0 && deed.Name is not ("cut" or "write" or "acknowledge"))
        {
            Perform(before, after, deed, _nodes[deed.Node]);
        }

        Collect(before, after);
    }

    private void Perform(ModelState before, ModelState after, ModelDeed deed, ReplayedNode node)
    {
        var other = deed.Other.Length > 0 ? _nodes[deed.Other] : null;
        if (node.Agent is not null)
        {
            Watch(before, node);
            node.Observe(before);
        }

        switch (deed.Name)
        {
            case "hear" or "report":
                Watch(before, other!);
                other!.Observe(before);
                Hear(other, node);
                break;
            case "lease":
                if (_acks.Remove((deed.Other, deed.Node), out var ack))
                {
                    node.Receive(other!, ack);
                }

                break;
            case "stand":
                Stand(before, after, node, [.. deed.Chosen.Select(c => _nodes[c.Node])]);
                break;
            case "join":
                node.Receive(_nodes[_requests[deed.Number].By], _requests[deed.Number].Message);
                break;
            case "decide":
                Decide(node, deed);
                break;
            case "appoint":
                node.Receive(_nodes[_appointments[deed.Number].By], _appointments[deed.Number].Message);
                break;
            case "persist":
                node.Persist();
                break;
            case "writeRow":
                WriteRow(before, after, node);
                break;
            case "endRow":
                var change = before.Nodes[node.Name].Change;
                node.Take(new ConsensusEvent.RuleWritten(
                    ReplayedNode.RealRule(before, change.Rule), ReplayedNode.LsnBehind(change.Row), true));
                break;
            case "endAgent" or "endNode":
                node.End();
                break;
            case "losePromise":
                node.LosePromise(after.Nodes[node.Name].Life);
                break;
            case "start":
                node.Start(node.Disk, (after.Nodes[node.Name].Boot * 100) + node.Name[0]);
                break;
        }

        node.Observe(after);
    }

    /// <summary>
    /// The voter that a leader is adding is heard by it before all else: its silence would end the change.
    /// </summary>
    private void Watch(ModelState state, ReplayedNode node)
    {
        var leader = state.Nodes[node.Name];
        if (leader.Change.Kind == "add" && state.IsNewVoterThere(leader))
        {
            var voter = _nodes[leader.Change.Voter];
            voter.Observe(state);
            Hear(voter, node);
        }
    }

    private static void Hear(ReplayedNode from, ReplayedNode to)
    {
        from.Tick();
        if (from.Outbox.LastOrDefault(o => o.To == to.Id && o.Message is Message.Heartbeat).Message is { } heartbeat)
        {
            to.Receive(from, heartbeat);
        }
    }

    /// <summary>
    /// The candidate hears these peers while an operator holds it back, twice, so that what the first made it know is
    /// not news any more; then its rank's delay passes, and it is let go.
    /// </summary>
    private void Stand(ModelState before, ModelState after, ReplayedNode node, ReplayedNode[] peers)
    {
        node.Take(new ConsensusEvent.QuiesceAsked(true));
        for (var round = 0; round < 2; round++)
        {
            foreach (var peer in peers)
            {
                peer.Observe(before);
                Hear(peer, node);
            }

            node.Tick();
            if (round == 0)
            {
                // As long as a recruit leaves to the coordinator that it has joined.
                for (var silence = 0; silence < 3; silence++)
                {
                    _clock.LetAllFallSilent();
                    node.Tick();
                }
            }
        }

        _clock.LetRanksPass();
        node.Take(new ConsensusEvent.QuiesceAsked(false));
        if (node.Outbox.LastOrDefault(o => o.Message is Message.Recruit).Message is not Message.Recruit recruit)
        {
            throw Disagreement($"{node.Name} does not stand");
        }

        _requests[after.Attempts] = (node.Name, [.. peers.Select(p => p.Name), node.Name], recruit);
        _nonces[after.Attempts] = recruit.Nonce;
        _attemptOf[node.Name] = after.Attempts;
    }

    /// <summary>
    /// Answers of those whom the coordinator did not expect come first: the last expected one ends its patience.
    /// </summary>
    private void Decide(ReplayedNode node, ModelDeed deed)
    {
        var attempt = _attemptOf[node.Name];
        var expected = _requests[attempt].Expected;
        var others = deed.Chosen.Where(c => c.Node != node.Name);
        foreach (var (from, boot) in others.OrderBy(c => expected.Contains(c.Node)))
        {
            if (!_answers.TryGetValue((attempt, from, boot), out var answer))
            {
                throw Disagreement($"{from} has not answered attempt {attempt}");
            }

            node.Receive(_nodes[from], answer);
        }

        _clock.LetPatienceEnd();
        node.Tick();
        if (node.Outbox.FirstOrDefault(o => o.Message is Message.Appoint) is { Message: { } appoint })
        {
            _appointments[attempt] = (node.Name, appoint);
        }
    }

    private void WriteRow(ModelState before, ModelState after, ReplayedNode node)
    {
        var change = after.Nodes[node.Name].Change;
        if (change.Kind == "none" || change.Row == 0)
        {
            return;
        }

        // A change that leaves the synchronous standbys as they are waits for nothing but the next step; one that is
        // taken back in it waits for the standbys of the rule that stays.
        node.Tick();
        node.Observe(before);
        var rule = ReplayedNode.RealRule(after, change.Rule);
        if (!rule.Equals(node.Writing))
        {
            throw Disagreement($"{node.Name} is to write {rule}, and wants to write {node.Writing}");
        }

        node.Take(new ConsensusEvent.RuleWaiting(rule));
    }
}
