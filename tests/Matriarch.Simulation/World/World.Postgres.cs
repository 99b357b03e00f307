using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>The simulated server: starting, stopping, promoting, rewinding, committing.</summary>
internal sealed partial class World
{
    private void StartServer(SimulatedNode node, SimulatedPostgres server)
    {
        server.State = ServerState.Standby;
        server.Run++;
        server.WasHandedOver = false;
        server.Replayed = Math.Max(0, Math.Min(server.Replayed, server.Flushed - _random.Next(4)));
        if (node.Target is not Posture.Following)
        {
            server.Upstream = -1;
        }

        Note(node, "server starts at", server.Position);
        Replay(node, server);
        if (server.Upstream >= 0)
        {
            ConnectSoon(node, server);
        }
    }

    /// <summary>
    /// The server ends at once, by harm or by the driver; its clients hear nothing of what they waited for.
    /// </summary>
    private void StopServer(SimulatedNode node, SimulatedPostgres server)
    {
        if (server.State == ServerState.Down)
        {
            return;
        }

        Note(node, "server ends at", server.Position);
        FailWaiting(node, server);
        server.End();
        BreakFollowers(node);
        LookSoon(node);
    }

    private void FailWaiting(SimulatedNode node, SimulatedPostgres server)
    {
        foreach (var commit in server.Waiting)
        {
            if (commit.Write is { } write)
            {
                HearSoon(write, false);
            }
            else
            {
                TellRule(node, commit, new ConsensusEvent.RuleFailed(commit.Rule!, "the server ended"));
            }
        }

        server.Waiting.Clear();
    }

    private void BeginShutdown(SimulatedNode node)
    {
        var server = node.Postgres!;
        if (server.State != ServerState.Primary)
        {
            return;
        }

        FailWaiting(node, server);
        Append(node, server, WalKind.Shutdown, null);
        server.State = ServerState.Stopping;
        Ship(node);
    }

    /// <summary>A fast shutdown ends once every connected follower has received everything.</summary>
    private void TryEndShutdown(SimulatedNode node, SimulatedPostgres server)
    {
        foreach (var other in _nodes)
        {
            if (other.Postgres is { IsStreaming: true } follower && follower.Upstream == node.Index
                && server.Acknowledged[other.Index] < server.Log.Count)
            {
                return;
            }
        }

        StopServer(node, server);
        server.WasHandedOver = true;
    }

    private void Promote(SimulatedNode node, SimulatedPostgres server, uint timeline, bool isStray = false)
    {
        if (_profile.Sabotage == Sabotage.TimelinesAreCounted)
        {
            timeline = server.Log[^1].Timeline + 1;
        }

        server.Upstream = -1;
        server.Disconnect();
        server.Replayed = server.Flushed = server.Log.Count;
        server.State = ServerState.Primary;
        var index = server.Log.Count;
        Hold(node, server, new WalEntry(index, timeline, WalKind.Promotion, server.Log[^1].RuleAsOf)
        {
            IsStray = isStray || server.Log[^1].IsStray,
        });
        Note(node, "is promoted at", server.Position);
        Ship(node);
    }

    private WalEntry Append(SimulatedNode node, SimulatedPostgres server, WalKind kind, Rule? rule)
    {
        var last = server.Log[^1];
        var entry = new WalEntry(last.Index + 1, last.Timeline, kind, rule ?? last.RuleAsOf)
        {
            IsStray = last.IsStray,
        };
        Hold(node, server, entry);
        return entry;
    }

    private void Hold(SimulatedNode node, SimulatedPostgres server, WalEntry entry)
    {
        _checker.Writes(node, entry);
        entry.Holders |= 1 << node.Index;
        server.Log.Add(entry);
        server.Flushed = server.Replayed = server.Log.Count;
    }

    private void Rewind(SimulatedNode node, SimulatedPostgres server, Posture.Following target)
    {
        var leader = _nodes[target.Leader.Value[0] - 'a'];
        if (leader.Postgres is not { State: ServerState.Primary } source || !IsReachable(node.Index, leader.Index)
            || server.State != ServerState.Down)
        {
            return;
        }

        // To the last checkpoint that both have: acknowledged records are gone until they have been streamed again.
        var back = _random.Next(2) == 0 ? _random.Next(20) : _random.Next(400);
        var count = Math.Max(1, server.CommonWith(source) - back);
        var was = server.LegitimatePosition;
        server.CountsFrom = was > server.CountsFrom ? was : server.CountsFrom;
        server.Log.RemoveRange(count, server.Log.Count - count);
        server.Flushed = count;
        server.Replayed = count;
        server.IsBroken = false;
        Note(node, "is rewound from", was, server.Position);
    }

    private void Copy(SimulatedNode node, Posture.Following target)
    {
        var leader = _nodes[target.Leader.Value[0] - 'a'];
        if (leader.Postgres is not { State: ServerState.Primary } source || !IsReachable(node.Index, leader.Index))
        {
            return;
        }

        if (node.Postgres is { } old && old.State != ServerState.Down)
        {
            return;
        }

        var copy = new SimulatedPostgres(_nodes.Length) { CountsFrom = node.Postgres?.CountsFrom ?? default };
        if (node.Postgres is { } lost && lost.LegitimatePosition > copy.CountsFrom)
        {
            copy.CountsFrom = lost.LegitimatePosition;
        }

        copy.Run = node.Postgres?.Run ?? 0;
        copy.Log.AddRange(source.Log);
        foreach (var entry in copy.Log)
        {
            entry.Holders |= 1 << node.Index;
        }

        copy.Flushed = copy.Log.Count;
        copy.Replayed = Math.Max(1, copy.Flushed - 1);
        copy.Written = copy.Applied = node.Postgres?.Written ?? SynchronousStandbys.None;
        if (node.Agent is not null && _wanted[node.Index] is { } wanted)
        {
            copy.Written = copy.Applied = wanted;
        }

        node.Postgres = copy;
        Note(node, "is copied at", copy.Position);
    }
}
