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
internal sealed partial class Replayer
{
    private readonly ImmutableArray<ModelState> _trace;
    private readonly ReplayClock _clock = new();
    private readonly SortedDictionary<string, ReplayedNode> _nodes = new(StringComparer.Ordinal);

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
