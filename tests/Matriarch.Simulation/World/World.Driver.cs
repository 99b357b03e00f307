using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>The driver of one node: it works towards the posture that consensus wants, one act at a time.</summary>
internal sealed partial class World
{
    private void Drive(SimulatedNode node)
    {
        if (node.IsActing)
        {
            return;
        }

        var (act, milliseconds) = Next(node);
        if (act == Act.None)
        {
            return;
        }

        node.IsActing = true;
        node.Act = act;
        Note(node, "begins to", act);
        if (act is Act.Rewind)
        {
            node.Postgres!.IsBroken = true;
        }

        if (act == Act.Shutdown)
        {
            BeginShutdown(node);
        }

        LookSoon(node);
        _agenda.Add(Work(milliseconds), Occasion.Acted, node.Index, node.AgentEpoch, payload: node.Target);
    }

    private (Act Act, double Milliseconds) Next(SimulatedNode node)
    {
        var server = node.Postgres;
        return node.Target switch
        {
            Posture.Detached when server is { IsBroken: false } => server.State switch
            {
                ServerState.Down => (Act.Start, 200),
                ServerState.Primary or ServerState.Stopping => (Act.Stop, 50),
                ServerState.Standby when server.Upstream >= 0 => (Act.Detach, 20),
                _ => default,
            },
            Posture.Fetching fetching => NextToFetch(server, fetching),
            Posture.Following following => NextToFollow(node, server, following),
            Posture.Leading when server is { State: ServerState.Standby } => (Act.Promote, 100),
            Posture.HandedOver when server is { State: ServerState.Primary } => (Act.Shutdown, 50),
            Posture.HandedOver when server is { State: ServerState.Stopping } => (Act.Shutdown, 30),
            _ => default,
        };
    }

    private static (Act Act, double Milliseconds) NextToFetch(SimulatedPostgres? server, Posture.Fetching fetching) =>
        server switch
        {
            { State: ServerState.Down, IsBroken: false } => (Act.Start, 200),
            { State: ServerState.Standby } when server.Upstream != fetching.Holder.Value[0] - 'a' =>
                (Act.Attach, 30),
            _ => default,
        };

    private (Act Act, double Milliseconds) NextToFollow(
        SimulatedNode node, SimulatedPostgres? server, Posture.Following following)
    {
        var leader = following.Leader.Value[0] - 'a';
        var source = _nodes[leader].Postgres;
        var canCopy = source is { State: ServerState.Primary } && IsReachable(node.Index, leader)
            && source.Log[^1].Timeline == following.Term.Value;
        if (server is null || server.IsBroken)
        {
            return canCopy ? (Act.Copy, 400) : default;
        }

        var mustRewind = canCopy && server.CommonWith(source!) < Math.Min(server.Log.Count, int.MaxValue);
        return server.State switch
        {
            ServerState.Primary or ServerState.Stopping => (Act.Stop, 50),
            ServerState.Standby when mustRewind && !server.IsStreaming => (Act.Stop, 50),
            ServerState.Standby when server.Upstream != leader => (Act.Attach, 10),
            ServerState.Down when mustRewind => _random.Next(8) == 0 ? (Act.Copy, 400) : (Act.Rewind, 300),
            ServerState.Down => (Act.Start, 200),
            _ => default,
        };
    }

    private void Acted(SimulatedNode node, Posture target)
    {
        var act = node.Act;
        node.IsActing = false;
        node.Act = Act.None;
        var server = node.Postgres;
        switch (act)
        {
            case Act.Start when server is { State: ServerState.Down or ServerState.Starting, IsBroken: false }:
                StartServer(node, server);
                break;
            case Act.Stop when server is not null && server.State != ServerState.Down:
                StopServer(node, server);
                break;
            case Act.Shutdown when server is { State: ServerState.Stopping }:
                TryEndShutdown(node, server);
                break;
            case Act.Detach when server is { State: ServerState.Standby }:
                if (_profile.Sabotage != Sabotage.RecruitsWithoutDetaching)
                {
                    server.Upstream = -1;
                    server.Disconnect();
                }

                Replay(node, server);
                break;
            case Act.Attach
                when server is { State: ServerState.Standby } && UpstreamOf(target) is { IsNone: false } from:
                server.Disconnect();
                server.Upstream = from.Value[0] - 'a';
                ConnectSoon(node, server);
                break;
            case Act.Promote when server is { State: ServerState.Standby } && target is Posture.Leading leading:
                Promote(node, server, leading.Term.Value);
                break;
            case Act.Rewind when server is not null:
                Rewind(node, server, (Posture.Following)target);
                break;
            case Act.Copy:
                Copy(node, (Posture.Following)target);
                break;
        }

        LookSoon(node);
        _agenda.Add(Upto(2), Occasion.Drive, node.Index, node.AgentEpoch);
    }

    private static NodeId UpstreamOf(Posture posture) => posture switch
    {
        Posture.Following following => following.Leader,
        Posture.Fetching fetching => fetching.Holder,
        _ => default,
    };

    /// <summary>
    /// What a killed agent was in the middle of: a promotion goes on without it, a rewind leaves a broken directory.
    /// </summary>
    private void InterruptAct(SimulatedNode node)
    {
        if (node.Act == Act.Promote && node.Target is Posture.Leading leading
            && node.Postgres is { State: ServerState.Standby } server && _random.Next(2) == 0)
        {
            Promote(node, server, leading.Term.Value);
        }

        node.IsActing = false;
        node.Act = Act.None;
    }

    private void LookSoon(SimulatedNode node, double within = 4)
    {
        if (!node.IsLooking && node.Agent is not null)
        {
            node.IsLooking = true;
            _agenda.Add(Upto(within), Occasion.Look, node.Index, node.AgentEpoch);
        }
    }

    /// <summary>Takes a status now; the state machine hears of it a little later, in order.</summary>
    private void Look(SimulatedNode node, bool repeat)
    {
        node.IsLooking = repeat && node.IsLooking;
        if (repeat)
        {
            _agenda.Add(
                _agenda.Now + (_profile.LookMilliseconds * Profile.Millisecond), Occasion.Look,
                node.Index, node.AgentEpoch, number: 1);
            Drive(node);
        }

        var status = StatusOf(node);
        if (status == node.LastSeen)
        {
            return;
        }

        node.LastSeen = status;
        node.LastTold = Math.Max(node.LastTold, _random.Next(4) == 0 ? Upto(25) : Upto(3));
        _agenda.Add(
            node.LastTold, Occasion.Tell, node.Index, node.AgentEpoch,
            payload: new ConsensusEvent.Observed(status));
    }

    private PostgresStatus StatusOf(SimulatedNode node)
    {
        var server = node.Postgres;
        if (server is null)
        {
            var condition = node.Act == Act.Copy ? PostgresCondition.Busy : PostgresCondition.Absent;
            return new PostgresStatus(condition, false, default, Reached(node, null), null, false, null);
        }

        if (server.IsHung)
        {
            return new PostgresStatus(
                PostgresCondition.Busy, server.State == ServerState.Primary, server.Position, null, null, false, null);
        }

        var state = node.Act is Act.Rewind or Act.Copy ? PostgresCondition.Busy
            : server.State is ServerState.Starting or ServerState.Stopping ? PostgresCondition.Busy
            : server.IsRunning ? PostgresCondition.Running
            : node.Act == Act.Start ? PostgresCondition.Busy
            : PostgresCondition.Stopped;
        var isFollowing = node.Target is Posture.Following following && server.IsStreaming
            && server.Upstream == following.Leader.Value[0] - 'a';
        return new PostgresStatus(
            state, server.State == ServerState.Primary, server.Position, Reached(node, server),
            server.Applied.Equals(server.Written) || _profile.Sabotage == Sabotage.CommitsWaitForNobody
                ? server.Written
                : null,
            isFollowing, server.IsRunning ? server.VisibleRule : null,
            server.Counts || _profile.Sabotage == Sabotage.RewoundNodesCount);
    }

    private Posture? Reached(SimulatedNode node, SimulatedPostgres? server)
    {
        var holds = node.Target switch
        {
            Posture.Idle => false,
            Posture.Detached => server is { State: ServerState.Standby, IsReplayedToTheEnd: true } && !node.IsActing
                && (server.Upstream < 0 || _profile.Sabotage == Sabotage.RecruitsWithoutDetaching),
            Posture.Fetching fetching => server is { State: ServerState.Standby } && server.Position >= fetching.Base,
            Posture.Following following => server is { State: ServerState.Standby }
                && server.Upstream == following.Leader.Value[0] - 'a',
            Posture.Leading leading => server is { State: ServerState.Primary }
                && (server.Log[^1].Timeline == leading.Term.Value || _profile.Sabotage == Sabotage.TimelinesAreCounted),
            Posture.HandedOver => server is { State: ServerState.Down, WasHandedOver: true },
            _ => false,
        };
        return holds ? node.Target : null;
    }
}
