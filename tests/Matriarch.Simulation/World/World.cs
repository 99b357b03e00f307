using System.Globalization;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>
/// A whole cluster in one thread, driven by one seed: nodes with their disks, agents and servers, the network between
/// them, clients, and harm. Nothing in it reads a clock; the same seed always tells the same story.
/// </summary>
internal sealed partial class World
{
    private const long LongestHealing = 60 * Profile.Second;

    private readonly Agenda _agenda = new();
    private readonly Dice _random;
    private readonly Profile _profile;
    private readonly ConsensusOptions _options;
    private readonly SimulatedNode[] _nodes;
    private readonly NodeId[] _ids;
    private readonly Checker _checker;
    private readonly Story _story = new(300);
    private readonly List<Effect> _effects = [];
    private bool _isHealed;
    private long _healedAt;

    public World(int seed, Sabotage sabotage = Sabotage.None)
    {
        _random = new Dice((ulong)seed);
        _people = new Dice(((ulong)seed * 0xD1342543DE82EF95) + 7);
        _arePeopleBusy = _people.Next(4) == 0;
        _profile = Profile.Draw(_random, sabotage);
        _options = new ConsensusOptions
        {
            Durability = _profile.Policy,
            HeartbeatInterval = TimeSpan.FromMilliseconds(_profile.HeartbeatMilliseconds),
        };
        _nodes = new SimulatedNode[_profile.Nodes];
        _cut = new bool[_profile.Nodes, _profile.Nodes];
        for (var i = 0; i < _nodes.Length; i++)
        {
            // Any two clocks drift apart by less than 5 %.
            var rate = 0.976 + (_random.NextDouble() * 0.048);
            _nodes[i] = new SimulatedNode(
                i, new NodeId(((char)('a' + i)).ToString()), rate, _random.NextInt64(TimeSpan.TicksPerHour))
            {
                Traits = TraitsOf(i, _nodes.Length, new NodeTraits(
                    _nodes.Length > 3 && i > 0 && _random.Next(10) == 0, _random.Next(4) == 0 ? 50 : 100)),
                Incarnation = NewLife(),
            };
        }

        _ids = [.. _nodes.Select(n => n.Id)];
        _checker = new Checker(_nodes, _story, DurabilityPolicy.Parse(_profile.Policy).IsAsynchronous);
    }

    public Checker Checks => _checker;

    /// <summary>The last things that happened.</summary>
    public string Story => $"{_story}world: {_profile}";

    public int Events { get; private set; }

    /// <summary>
    /// Too few voters were left whose promises and data survived: no protocol of majorities goes on from there, and a
    /// person has to decide. Counted, not hidden.
    /// </summary>
    public bool WasBeyondRepair { get; private set; }

    /// <summary>Plays the seed to its end and tells what was wrong, or null.</summary>
    public string? Play()
    {
        try
        {
            Begin();
            while (_agenda.TryTake(out var due))
            {
                Events++;
                Happen(due);
                if (_isHealed && (Events & 15) == 0 && IsConverged())
                {
                    _checker.End(_nodes);
                    return null;
                }

                if (_isHealed && _agenda.Now - _healedAt > LongestHealing)
                {
                    if (IsBeyondRepair())
                    {
                        WasBeyondRepair = true;
                        return null;
                    }

                    return Tell($"LIVENESS: 60 s after everything was healed: {WhatIsMissing()}");
                }
            }

            return Tell("nothing is due any more");
        }
        catch (SafetyException wrong)
        {
            return Tell($"SAFETY: {wrong.Message}");
        }
        catch (InvariantException wrong)
        {
            return Tell($"INVARIANT: {wrong.Message}");
        }
    }

    private string Tell(string what) => string.Create(
        CultureInfo.InvariantCulture,
        $"{what}\n{_story}at {_agenda.Now / (double)Profile.Second:F4} s: {what}\nworld: {_profile}\n");

    private void Begin()
    {
        if (_profile.IsFormed)
        {
            BeginFormed();
        }
        else
        {
            BeginWithOneNode();
        }

        BeginClients();
        _agenda.Add(_profile.CalmUntil, Occasion.Fault, -1);
        _agenda.Add(_profile.FaultsUntil, Occasion.Heal, -1);
    }

    /// <summary>One node has just been made by initdb; all others come and join.</summary>
    private void BeginWithOneNode()
    {
        var policy = DurabilityPolicy.Parse(_profile.Policy);
        var first = _nodes[0];
        var rule = new Rule(Term.First, 0, first.Id, [Voting(first)], policy);
        first.Postgres = new SimulatedPostgres(_nodes.Length);
        first.Postgres.Log.Add(new WalEntry(0, 1, WalKind.Rule, rule) { Holders = 1 });
        first.Postgres.Flushed = first.Postgres.Replayed = 1;
        foreach (var node in _nodes)
        {
            _agenda.Add(Upto(500), Occasion.Revive, node.Index);
        }
    }

    /// <summary>
    /// All nodes are members, PostgreSQL runs and replicates, and the agents of all of them start: a cluster is ready
    /// for harm within tenths of a second instead of the seconds that it takes to come together.
    /// </summary>
    private void BeginFormed()
    {
        var first = _nodes[0];
        var rule = new Rule(
            Term.First, 0, first.Id,
            [.. _nodes.Where(n => !n.Traits.IsObserver).Select(Voting)],
            DurabilityPolicy.Parse(_profile.Policy));
        var row = new WalEntry(0, 1, WalKind.Rule, rule) { Holders = (1 << _nodes.Length) - 1 };
        foreach (var node in _nodes)
        {
            var kind = node == first ? PromiseKind.Appointed : PromiseKind.Following;
            node.Durable = new Promise(Term.First, kind, first.Id, 0);
            node.Owed = Term.First;
            node.Postgres = new SimulatedPostgres(_nodes.Length)
            {
                State = node == first ? ServerState.Primary : ServerState.Standby,
                Upstream = node == first ? -1 : 0,
                Flushed = 1,
                Replayed = 1,
            };
            node.Postgres.Log.Add(row);
            node.Postgres.Written = node.Postgres.Applied = SynchronousStandbys.For(rule, node.Id);
            _wanted[node.Index] = node.Postgres.Written;
            _agenda.Add(Upto(50), Occasion.Revive, node.Index);
            if (node != first)
            {
                ConnectSoon(node, node.Postgres);
            }
        }
    }

    private static Voter Voting(SimulatedNode node) => new(node.Id, node.Incarnation, node.Traits.Cell);

    private void Happen(in Due due)
    {
        var node = due.Node >= 0 ? _nodes[due.Node] : null!;
        switch (due.What)
        {
            case Occasion.Tick or Occasion.Arrive or Occasion.Persisted or Occasion.Tell or Occasion.Drive
                or Occasion.Acted or Occasion.Look or Occasion.RuleDue or Occasion.RuleSeenWaiting:
                AgentHappens(node, due);
                break;
            case Occasion.Connect or Occasion.WalArrives or Occasion.Flushed or Occasion.AckArrives or Occasion.Replayed
                or Occasion.SyncApplied:
                PostgresHappens(node, due);
                break;
            case Occasion.ClientActs or Occasion.ClientArrives or Occasion.ClientHears or Occasion.ClientGivesUp:
                ClientHappens(due);
                break;
            case Occasion.Fault:
                Harm();
                break;
            case Occasion.Revive:
                Revive(node, due.Number);
                break;
            case Occasion.Mend:
                Mend(due.Number);
                break;
            case Occasion.Resume:
                Resume(node);
                break;
            case Occasion.Heal:
                Heal();
                break;
        }
    }

    private long Upto(double milliseconds) =>
        _agenda.Now + (long)(_random.NextDouble() * milliseconds * Profile.Millisecond);

    /// <summary>The driver's work takes as long as this world's machines need.</summary>
    private long Work(double milliseconds) =>
        _agenda.Now + (long)((0.2 + _random.NextDouble()) * milliseconds * _profile.Slowness * Profile.Millisecond);

    private Incarnation NewLife() => new((ulong)_random.NextInt64(1, long.MaxValue));

    private void Note(SimulatedNode node, string what, object? a = null, object? b = null) =>
        _story.Add(_agenda.Now, node.Index, what, a, b);
}
