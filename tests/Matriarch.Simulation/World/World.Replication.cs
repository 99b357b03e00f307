namespace Matriarch.Simulation;

/// <summary>Streaming: connections, shipping of WAL, acknowledgements of what is flushed, replay.</summary>
internal sealed partial class World
{
    private void PostgresHappens(SimulatedNode node, in Due due)
    {
        if (node.Postgres is not { } server)
        {
            return;
        }

        switch (due.What)
        {
            case Occasion.Connect when due.Epoch == server.StreamEpoch:
                Connect(node, server);
                break;
            case Occasion.WalArrives when due.Epoch == server.StreamEpoch:
                WalArrives(node, server, due.Number);
                break;
            case Occasion.Flushed when due.Epoch == server.Run:
                Flushed(node, server, due.Number);
                break;
            case Occasion.AckArrives when due.Epoch == server.Run:
                AckArrives(node, server, due.Number & 7, due.Number >> 3);
                break;
            case Occasion.Replayed when due.Epoch == server.Run:
                server.IsReplaying = false;
                server.Replayed = Math.Min(due.Number, server.Log.Count);
                LookSoon(node, 15);
                Replay(node, server);
                break;
            case Occasion.SyncApplied:
                SyncApplied(node, server, due.Epoch);
                break;
        }
    }

    private void ConnectSoon(SimulatedNode node, SimulatedPostgres server)
    {
        if (!server.IsConnecting)
        {
            server.IsConnecting = true;
            _agenda.Add(Upto(40) + TripTime() - _agenda.Now, Occasion.Connect, node.Index, server.StreamEpoch);
        }
    }

    private void Connect(SimulatedNode node, SimulatedPostgres server)
    {
        server.IsConnecting = false;
        if (server.State != ServerState.Standby || server.Upstream < 0 || server.IsStreaming)
        {
            return;
        }

        // A standby may follow a standby: walsenders run there too. Past the fork nothing is sent.
        if (_nodes[server.Upstream].Postgres is not { IsRunning: true } source
            || !IsReachable(node.Index, server.Upstream)
            || server.CommonWith(source) < server.Log.Count)
        {
            server.IsConnecting = true;
            _agenda.Add(_agenda.Now + (50 * Profile.Millisecond), Occasion.Connect, node.Index, server.StreamEpoch);
            return;
        }

        server.IsStreaming = true;
        source.Acknowledged[node.Index] = server.Flushed;
        Note(node, "streams from", _nodes[server.Upstream].Id, server.Position);
        LookSoon(node);
        Release(_nodes[server.Upstream], source);
        ShipTo(_nodes[server.Upstream], source, node, server);
    }

    /// <summary>Sends what each follower lacks, one batch under way at a time.</summary>
    private void Ship(SimulatedNode source)
    {
        foreach (var node in _nodes)
        {
            if (node.Postgres is { IsStreaming: true, IsShipping: false } follower && follower.Upstream == source.Index)
            {
                ShipTo(source, source.Postgres!, node, follower);
            }
        }
    }

    private void ShipTo(SimulatedNode source, SimulatedPostgres from, SimulatedNode node, SimulatedPostgres to)
    {
        if (to.IsShipping || from.IsHung || from.Flushed <= to.Log.Count)
        {
            return;
        }

        to.IsShipping = true;
        var upto = Math.Min(from.Flushed, to.Log.Count + 50);
        _agenda.Add(TripTime(), Occasion.WalArrives, node.Index, to.StreamEpoch, upto);
        _ = source;
    }

    private void WalArrives(SimulatedNode node, SimulatedPostgres server, int upto)
    {
        var source = _nodes[server.Upstream];
        if (!IsReachable(node.Index, server.Upstream))
        {
            // TCP tries again; after a while walreceiver gives up.
            if (_random.Next(20) == 0)
            {
                server.Disconnect();
                LookSoon(node);
                ConnectSoon(node, server);
                return;
            }

            _agenda.Add(
                _agenda.Now + (60 * Profile.Millisecond), Occasion.WalArrives, node.Index, server.StreamEpoch, upto);
            return;
        }

        server.IsShipping = false;
        if (source.Postgres is not { } from)
        {
            return;
        }

        for (var i = server.Log.Count; i < upto && i < from.Log.Count; i++)
        {
            server.Log.Add(from.Log[i]);
        }

        ScheduleFlush(node, server);
        ShipTo(source, from, node, server);
    }

    private void ScheduleFlush(SimulatedNode node, SimulatedPostgres server)
    {
        if (!server.IsFlushing && server.Flushed < server.Log.Count)
        {
            server.IsFlushing = true;
            _agenda.Add(Work(2), Occasion.Flushed, node.Index, server.Run, server.Log.Count);
        }
    }

    private void Flushed(SimulatedNode node, SimulatedPostgres server, int count)
    {
        server.IsFlushing = false;
        count = Math.Min(count, server.Log.Count);
        for (var i = server.Flushed; i < count; i++)
        {
            server.Log[i].Holders |= 1 << node.Index;
        }

        server.Flushed = Math.Max(server.Flushed, count);
        if (server.IsStreaming && _nodes[server.Upstream].Postgres is { } source)
        {
            _agenda.Add(TripTime(), Occasion.AckArrives, server.Upstream, source.Run, (count << 3) | node.Index);
        }

        LookSoon(node, 15);
        ScheduleFlush(node, server);
        Replay(node, server);

        // Cascading: whoever follows this standby is sent it too.
        Ship(node);
    }

    private void AckArrives(SimulatedNode node, SimulatedPostgres server, int from, int count)
    {
        if (!IsReachable(node.Index, from) || server.State is not (ServerState.Primary or ServerState.Stopping))
        {
            // Lost with its connection; the receiver repeats its flush
            // position on the next one or with the next status.
            if (_nodes[from].Postgres is { IsStreaming: true } follower && follower.Upstream == node.Index)
            {
                _agenda.Add(
                    _agenda.Now + (100 * Profile.Millisecond), Occasion.AckArrives, node.Index, server.Run,
                    (count << 3) | from);
            }

            return;
        }

        if (count > server.Acknowledged[from])
        {
            server.Acknowledged[from] = count;
            Release(node, server);
        }
    }

    private void Replay(SimulatedNode node, SimulatedPostgres server)
    {
        if (!server.IsReplaying && server.State == ServerState.Standby && server.Replayed < server.Flushed)
        {
            server.IsReplaying = true;
            _agenda.Add(Work(3), Occasion.Replayed, node.Index, server.Run, server.Flushed);
        }
        else if (server.State == ServerState.Standby && server.Log.Count > server.Flushed)
        {
            ScheduleFlush(node, server);
        }
    }

    private void BreakFollowers(SimulatedNode source)
    {
        foreach (var node in _nodes)
        {
            if (node.Postgres is { } follower && follower.Upstream == source.Index && follower.IsStreaming)
            {
                follower.Disconnect();
                LookSoon(node);
                ConnectSoon(node, follower);
            }
        }
    }
}
