using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>Harm, and its end.</summary>
internal sealed partial class World
{
    private static readonly Faults[] Kinds = Enum.GetValues<Faults>();

    private void Harm()
    {
        if (_isHealed)
        {
            return;
        }

        var wait = -Math.Log(1 - _random.NextDouble()) * _profile.MeanMillisecondsBetweenFaults;
        _agenda.Add(_agenda.Now + (long)(wait * Profile.Millisecond), Occasion.Fault, -1);
        var draw = _random.Next(_profile.WeightsTotal);
        var kind = 0;
        while (draw >= _profile.Weights[kind])
        {
            draw -= _profile.Weights[kind++];
        }

        Do(Kinds[kind], _nodes[_random.Next(_nodes.Length)]);
        People();
    }

    /// <summary>Until when a harm of at most this length lasts; in short worlds all of it is over sooner.</summary>
    private long For(double milliseconds) => Upto(milliseconds * _profile.HarmLength);

    private void Do(Faults fault, SimulatedNode node)
    {
        var leader = OpenNode() ?? node;
        _story.Add(_agenda.Now, -1, "fault", fault, node.Id);
        switch (fault)
        {
            case Faults.NodeCrash:
                CrashNode(node, For(3000));
                break;
            case Faults.LeaderCrash:
                CrashNode(leader, For(5000));
                break;
            case Faults.PostgresCrash when node.Postgres is { } server:
                StopServer(node, server);
                break;
            case Faults.AgentCrash:
                KillAgent(node);
                _agenda.Add(_random.Next(2) == 0 ? For(100) : For(4000), Occasion.Revive, node.Index);
                break;
            case Faults.LeaderAgentBlink:
                KillAgent(leader);
                _agenda.Add(For(60), Occasion.Revive, leader.Index);
                break;
            case Faults.AgentFreeze:
                Freeze(node);
                break;
            case Faults.LeaderFreeze:
                Freeze(leader);
                break;
            case Faults.DiskLoss:
                LoseDisk(node, alsoData: true);
                break;
            case Faults.PromiseLoss:
                LoseDisk(node, alsoData: false);
                break;
            case Faults.AllDown:
                foreach (var each in _nodes)
                {
                    CrashNode(each, For(2000));
                }

                break;
            case Faults.Switchover:
                Ask(leader);
                break;
            case Faults.CommitCancelled when leader.Postgres is { State: ServerState.Primary } primary:
                CancelOne(leader, primary);
                break;
            case Faults.ManualPromotion when node.Postgres is { State: ServerState.Standby, IsStreaming: true } standby:
                PromoteByHand(node, standby);
                break;
            case Faults.Quiesce:
                Quiesce(node);
                break;
            case Faults.PostgresHang:
                Hang(_random.Next(2) == 0 ? node : leader);
                break;
            case Faults.SlowDisk:
                node.SlowUntil = For(5000);
                Note(node, "has a slow disk");
                break;
            default:
                Cut(fault, node, leader);
                break;
        }
    }

    private void Cut(Faults fault, SimulatedNode node, SimulatedNode leader)
    {
        var other = _random.Next(_nodes.Length);
        switch (fault)
        {
            case Faults.Partition:
                for (var i = 0; i < _nodes.Length; i++)
                {
                    for (var j = 0; j < i; j++)
                    {
                        _cut[i, j] = _cut[j, i] = (i <= node.Index) != (j <= node.Index);
                    }
                }

                break;
            case Faults.LeaderCut:
                for (var i = 0; i < _nodes.Length; i++)
                {
                    _cut[i, leader.Index] = _cut[leader.Index, i] = i != leader.Index;
                }

                break;
            case Faults.OneWayCut when other != node.Index:
                _cut[node.Index, other] = true;
                break;
            case Faults.Flapping when other != node.Index:
                _cut[node.Index, other] = _cut[other, node.Index] = true;
                for (var i = 0; i < 6; i++)
                {
                    _agenda.Add(For(3000), Occasion.Mend, -1, 0, ++_cutEpoch * -1);
                }

                break;
            default:
                return;
        }

        _agenda.Add(For(4000), Occasion.Mend, -1, 0, ++_cutEpoch);
    }

    /// <summary>
    /// Ends the cuts if no later one has come; a negative number toggles one link of a flapping network.
    /// </summary>
    private void Mend(int epoch)
    {
        if (_isHealed)
        {
            return;
        }

        if (epoch < 0)
        {
            var (a, b) = (_random.Next(_nodes.Length), _random.Next(_nodes.Length));
            if (a != b)
            {
                _cut[a, b] = !_cut[a, b];
            }
        }
        else if (epoch == _cutEpoch)
        {
            _story.Add(_agenda.Now, -1, "network whole");
            Array.Clear(_cut);
        }
    }

    private void CrashNode(SimulatedNode node, long backAt)
    {
        Note(node, "crashes");
        KillAgent(node);
        if (node.Postgres is { } server)
        {
            StopServer(node, server);
        }

        _agenda.Add(backAt, Occasion.Revive, node.Index);
    }

    private void Freeze(SimulatedNode node)
    {
        if (node.Agent is null || node.IsFrozen)
        {
            return;
        }

        Note(node, "agent is frozen");
        node.IsFrozen = true;
        _agenda.Add(For(4000), Occasion.Revive, node.Index, 0, 1);
    }

    /// <summary>
    /// Only as many lives are lost as a majority of the voters survives; more is
    /// beyond what any protocol of majorities can heal.
    /// </summary>
    private void LoseDisk(SimulatedNode node, bool alsoData)
    {
        if (!CanLose(node))
        {
            return;
        }

        var keepsServer = !alsoData && _random.Next(2) == 0;
        Note(node, alsoData ? "loses its disk" : "loses its promises", keepsServer);
        KillAgent(node);
        if (!keepsServer && node.Postgres is { } server)
        {
            StopServer(node, server);
        }

        if (alsoData)
        {
            node.Postgres = null;
        }

        node.Durable = Promise.None;
        if (_profile.Sabotage != Sabotage.AmnesiacsKeepTheirLife)
        {
            node.Incarnation = NewLife();
            node.Owed = Term.None;
        }

        _agenda.Add(_random.Next(2) == 0 ? For(50) : For(3000), Occasion.Revive, node.Index);
    }

    /// <summary>Every rule that any log holds must keep a majority of voters in the life that it names.</summary>
    private bool CanLose(SimulatedNode node)
    {
        foreach (var holder in _nodes)
        {
            if (holder.Postgres is not { } server)
            {
                continue;
            }

            Rule? last = null;
            foreach (var entry in server.Log)
            {
                if (ReferenceEquals(entry.RuleAsOf, last) || entry.RuleAsOf is not { } rule)
                {
                    continue;
                }

                last = rule;
                var isRecent = entry.Index > server.Log.Count - 150 || ReferenceEquals(rule, server.Log[^1].RuleAsOf);
                if (isRecent && rule.HasVoter(node.Id, node.Incarnation) && !IsAlive(rule, node))
                {
                    return false;
                }
            }
        }

        return node.Agent is not null;
    }

    private void Ask(SimulatedNode leader)
    {
        if (leader.Agent is not null && !leader.IsFrozen)
        {
            var to = _random.Next(2) == 0 ? default : _ids[_random.Next(_ids.Length)];
            Step(leader, new ConsensusEvent.SwitchoverAsked(to, 1));
        }
    }

    private void Revive(SimulatedNode node, int thaw)
    {
        if (thaw == 1)
        {
            Thaw(node);
        }
        else if (node.Agent is null)
        {
            StartAgent(node);
        }
    }

    private void Heal()
    {
        _story.Add(_agenda.Now, -1, "everything is healed");
        _isHealed = _checker.IsQuiet = true;
        _healedAt = _agenda.Now;
        Array.Clear(_cut);
        foreach (var node in _nodes)
        {
            Thaw(node);
            Revive(node, 0);
            Resume(node);
        }
    }
}
