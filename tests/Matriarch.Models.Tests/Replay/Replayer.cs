using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Models.Tests;

/// <summary>
/// Leads real state machines through a trace of the model: each step of the model becomes the events that it stands
/// for, and after each the two must agree. models/README.md has the table of what stands for what.
/// </summary>
internal sealed class Replayer
{
    private readonly ImmutableArray<ModelState> _trace;
    private readonly ReplayClock _clock = new();
    private readonly SortedDictionary<string, ReplayedNode> _nodes = new(StringComparer.Ordinal);

    // Messages under way, by what the model knows them by.
    private readonly Dictionary<(string From, string To), Message> _acks = [];
    private readonly Dictionary<int, (string By, ImmutableArray<string> Expected, Message Message)> _requests = [];
    private readonly Dictionary<(int Attempt, string From, int Boot), Message.Recruited> _answers = [];
    private readonly Dictionary<int, (string By, Message Message)> _appointments = [];

    // The attempts of coordinators: the model's number of the one that a node is at, and the code's number of each.
    private readonly Dictionary<string, int> _attemptOf = [];
    private readonly Dictionary<int, ulong> _nonces = [];
    private int _step;

    public Replayer(ImmutableArray<ModelState> trace)
    {
        _trace = trace;
        NodeId[] all = [.. trace[0].Names.Select(n => new NodeId(n))];
        foreach (var name in trace[0].Names)
        {
            _nodes[name] = new ReplayedNode(name, _clock, all);
        }
    }

    /// <summary>Replays all of it.</summary>
    /// <exception cref="DisagreementException">At the first step after which the two differ.</exception>
    public int Run()
    {
        try
        {
            Begin(_trace[0]);
            Compare();
            for (_step = 1; _step < _trace.Length; _step++)
            {
                Perform(_trace[_step - 1], _trace[_step]);
                Compare();
            }
        }
        catch (InvariantException wrong)
        {
            throw Disagreement($"the code stops itself: {wrong.Message}");
        }

        return _trace.Length - 1;
    }

    /// <summary>Agents begin beside servers that run already; by the third tick the first leader serves.</summary>
    private void Begin(ModelState state)
    {
        var before = state with { Rules = state.Rules.SetItem(1, state.Rules[0]) };
        foreach (var node in _nodes.Values)
        {
            var promise = state.Nodes[node.Name].Durable;
            if (state.Nodes[node.Name].IsUp)
            {
                node.Start(Real(promise), node.Name[0]);
                node.Observe(before);
            }
        }

        _clock.GoTo(state.Now);
        var leader = _nodes["a"];
        for (var round = 0; round < 3; round++)
        {
            leader.Observe(round == 0 ? before : state);
            if (round == 1)
            {
                leader.Take(new ConsensusEvent.RuleWritten(leader.Writing!, ReplayedNode.LsnBehind(2), true));
            }

            foreach (var follower in _nodes.Values.Where(n => n != leader && state.Nodes[n.Name].Promise.Term > 0))
            {
                _clock.LetAllFallSilent();
                follower.Observe(round == 0 ? before : state);
                Hear(leader, follower);
                leader.Receive(follower, Acknowledgement(follower, leader)!);
                Hear(follower, leader);
            }
        }

        foreach (var node in _nodes.Values)
        {
            node.Observe(state);
        }
    }

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

    /// <summary>The voter that a leader is adding is heard by it before all else: its silence would end the change.</summary>
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
    /// The candidate hears these peers while an operator holds it back, twice, so that what the first made it know is not
    /// news any more; then its rank's delay passes, and it is let go.
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
                _clock.LetAllFallSilent();
                node.Tick();
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

    /// <summary>Answers of those whom the coordinator did not expect come first: the last expected one ends its patience.</summary>
    private void Decide(ReplayedNode node, ModelDeed deed)
    {
        var attempt = _attemptOf[node.Name];
        var expected = _requests[attempt].Expected;
        foreach (var (from, boot) in deed.Chosen.Where(c => c.Node != node.Name).OrderBy(c => expected.Contains(c.Node)))
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

    /// <summary>Keeps what was said for when the trace delivers it; the model must have the same under way.</summary>
    private void Collect(ModelState before, ModelState after)
    {
        foreach (var node in _nodes.Values)
        {
            foreach (var (to, message) in node.Outbox)
            {
                if (message is Message.Recruited recruited)
                {
                    var attempt = _nonces.First(n => n.Value == recruited.Nonce).Key;
                    _answers.TryAdd((attempt, node.Name, after.Nodes[node.Name].Boot), recruited);
                }
                else if (message is Message.LeaseAck)
                {
                    _acks[(node.Name, to.Value)] = message;
                }
            }
        }

        foreach (var (attempt, from, boot, position, rule) in after.Answers.Where(a => !IsOwn(a.Attempt, a.From)))
        {
            var answer = _answers.GetValueOrDefault((attempt, from, boot));
            if (answer?.Position != ReplayedNode.Position(position)
                || !answer.Rule.Equals(ReplayedNode.RealRule(after, rule)))
            {
                throw Disagreement($"in the model {from} answers attempt {attempt} at {position}; in the code: {answer}");
            }
        }

        if (_answers.Count != after.Answers.Count(a => !IsOwn(a.Attempt, a.From)))
        {
            throw Disagreement("the code has answered an attempt that the model has not");
        }

        if (after.Deed is { Name: "hear" } heard)
        {
            var isAcknowledged = Acknowledgement(_nodes[heard.Node], _nodes[heard.Other]) is not null;
            var isInModel = after.Acks.Contains((heard.Node, heard.Other, after.Now));
            if (isAcknowledged != isInModel && !before.Acks.Contains((heard.Node, heard.Other, after.Now)))
            {
                throw Disagreement($"acknowledged by the code: {isAcknowledged}, by the model: {isInModel}");
            }
        }
    }

    /// <summary>A coordinator's answer to itself is no message.</summary>
    private bool IsOwn(int attempt, string from) => _requests[attempt].By == from;

    private static Message? Acknowledgement(ReplayedNode from, ReplayedNode to) =>
        from.Outbox.LastOrDefault(o => o.To == to.Id && o.Message is Message.LeaseAck).Message;

    private void Compare()
    {
        var state = _trace[_step];
        foreach (var node in _nodes.Values.Where(n => n.Agent is not null || state.Nodes[n.Name].IsUp))
        {
            var (code, model) = (Abstraction.Of(node), Abstraction.Of(state, node.Name));
            if (code != model)
            {
                throw Disagreement($"{node.Name} differs\n  code:  {code}\n  model: {model}");
            }
        }
    }

    private DisagreementException Disagreement(string what)
    {
        var text = new StringBuilder();
        for (var i = Math.Max(0, _step - 60); i <= _step && i < _trace.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {i,3} {_trace[i].Deed}\n");
        }

        return new DisagreementException($"step {_step} ({_trace[_step].Deed}): {what}\n{text}");
    }

    private static Promise Real(ModelPromise promise) => promise.Term == 0
        ? Promise.None
        : new Promise(
            new Term((uint)promise.Term), Abstraction.KindOf(promise.Kind), new NodeId(promise.Node), 0);
}
