using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Consensus.Tests;

/// <summary>
/// Two or three machines a, b, c on one table, a clock that only the script moves, and wires that it may pull.
/// </summary>
internal sealed class Bench
{
    private readonly HashSet<(string, string)> _cut = [];
    private int _seed = 1;

    public Bench(int machines, string policy = "majority", uint term = 3, string? neverLeads = null)
    {
        Names = [.. Enumerable.Range(0, machines).Select(i => new NodeId(((char)('a' + i)).ToString()))];
        Rule = new Rule(
            new Term(term), 0, new NodeId("a"),
            [.. Names.Select((n, i) => new Voter(n, new Incarnation((ulong)i + 1)))], DurabilityPolicy.Parse(policy));
        foreach (var voter in Rule.Voters)
        {
            var kind = voter.Node.Value == "a" ? PromiseKind.Appointed : PromiseKind.Following;
            Machines[voter.Node.Value] = new Machine(
                this, voter.Node.Value, voter.Incarnation, new Promise(Rule.Term, kind, new NodeId("a"), 0),
                voter.Node.Value == neverLeads ? new NodeTraits(false, 0) : NodeTraits.Default);
        }

        foreach (var machine in Machines.Values)
        {
            machine.Take(new ConsensusEvent.PeersKnown([.. Names.Where(n => n != machine.Id)]));
        }
    }

    public ImmutableArray<NodeId> Names { get; }

    public Rule Rule { get; }

    public SortedDictionary<string, Machine> Machines { get; } = [];

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public Machine this[string name] => Machines[name];

    public int NextSeed() => _seed++;

    public void Cut(string name)
    {
        foreach (var other in Machines.Keys)
        {
            _cut.Add((name, other));
            _cut.Add((other, name));
        }
    }

    public void Mend() => _cut.Clear();

    /// <summary>
    /// Delivers all that is under way, and what follows from it, until nothing but heartbeats would be said.
    /// </summary>
    public void Deliver(Func<Message, bool>? lose = null)
    {
        for (var round = 0; round < 20; round++)
        {
            var mail = Machines.Values
                .SelectMany(m => m.Outbox.Select(o => (From: m.Id, o.To, o.Message))).ToList();
            if (mail.Count == 0)
            {
                return;
            }

            foreach (var machine in Machines.Values)
            {
                machine.Outbox.Clear();
            }

            foreach (var (from, to, message) in mail)
            {
                if (!_cut.Contains((from.Value, to.Value)) && lose?.Invoke(message) != true)
                {
                    Machines[to.Value].Take(new ConsensusEvent.Received(from, message));
                }
            }
        }
    }

    /// <summary>Lets time pass in ticks of 20 ms, delivering all the while.</summary>
    public void Pass(int milliseconds, Func<Message, bool>? lose = null)
    {
        for (var passed = 0; passed < milliseconds; passed += 20)
        {
            Now += TimeSpan.FromMilliseconds(20);
            foreach (var machine in Machines.Values)
            {
                machine.Take(ConsensusEvent.Tick.Instance);
            }

            Deliver(lose);
        }
    }

    /// <summary>Brings a to serve the term of the rule, all others streaming, everybody at LSN 1000.</summary>
    public Bench Serving()
    {
        Settled();
        Assert.True(this["a"].Node.IsServing, "the bench could not bring its primary to serve");
        return this;
    }

    /// <summary>The same, whatever the primary makes of it.</summary>
    public Bench Settled()
    {
        foreach (var machine in Machines.Values)
        {
            var isLeader = machine.Id.Value == "a";
            machine.See(new PostgresStatus(
                PostgresCondition.Running, isLeader,
                new WalPosition(new Timeline(Rule.Term.Value), new Lsn(1000)), null,
                SynchronousStandbys.For(Rule, machine.Id), false, Rule));
        }

        ReachAll(1000);
        Pass(200);
        this["a"].Take(new ConsensusEvent.RuleWritten(this["a"].Writing!, new Lsn(1100), true));
        ReachAll(1100, this["a"].Writing);
        // A leadership that is resumed waits for the lease before it as long as that can last.
        Pass(1300);
        return this;
    }

    public void ReachAll(ulong lsn, Rule? rule = null)
    {
        foreach (var machine in Machines.Values)
        {
            machine.Reach(Rule.Term.Value, lsn, rule ?? Rule);
        }
    }
}
