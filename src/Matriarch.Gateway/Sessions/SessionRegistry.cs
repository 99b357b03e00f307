using Matriarch.Core;
using Matriarch.Wire;

namespace Matriarch.Gateway;

/// <summary>
/// All sessions that have a node. Choosing a node and counting the session there are one step, so that clients that
/// come at once spread. A session that is opened while the view changes is seen by the change or sees it, never
/// neither.
/// </summary>
internal sealed class SessionRegistry(
    string instance, ViewTracker views, GatewayOptions options, Func<NodeId, TimeSpan?> stalenessOf)
{
    private readonly ReplicaRules _replicas = new(
        options.MaxLagBytes, options.MaxReplicaStaleness, options.Cell, stalenessOf);
    private readonly Lock _lock = new();
    private readonly Dictionary<long, GatewaySession> _sessions = [];
    private readonly Dictionary<CancelKey, GatewaySession> _keys = [];
    private readonly Dictionary<NodeId, int> _perNode = [];
    private long _nextId;
    private uint _turn;

    /// <summary>Sessions that have a node.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Sessions of one node.</summary>
    public int CountOf(NodeId node)
    {
        lock (_lock)
        {
            return _perNode.GetValueOrDefault(node);
        }
    }

    /// <summary>Routes by the newest view and opens a session there; null with the reason when there is no
    /// node.</summary>
    public (GatewaySession? Session, RouteChoice Choice) Open(RouteRequest request)
    {
        GatewaySession session;
        RouteChoice choice;
        lock (_lock)
        {
            choice = Router.Choose(
                instance, views.Current, request, _replicas, n => _perNode.GetValueOrDefault(n), _turn++);
            if (choice is not RouteChoice.To { Target: var target })
            {
                return (null, choice);
            }

            session = new GatewaySession(++_nextId, target);
            _sessions.Add(session.Id, session);
            _perNode[target.Node] = _perNode.GetValueOrDefault(target.Node) + 1;
        }

        Check(session); // a change that came between reading the view and adding the session did not find it
        return (session, choice);
    }

    /// <summary>Forgets a session.</summary>
    public void Close(GatewaySession session)
    {
        lock (_lock)
        {
            if (!_sessions.Remove(session.Id))
            {
                return;
            }

            if (session.Key is { } key && _keys.GetValueOrDefault(key) == session)
            {
                _keys.Remove(key);
            }

            var node = session.Target.Node;
            if (--_perNode[node] == 0)
            {
                _perNode.Remove(node);
            }
        }

        session.Dispose();
    }

    /// <summary>
    /// Remembers by which key the client may cancel, and by which its present backend is reached. Should two nodes give
    /// the same, the first keeps it.
    /// </summary>
    public void LearnKey(GatewaySession session, CancelKey key, CancelKey backend)
    {
        lock (_lock)
        {
            if (_sessions.ContainsKey(session.Id) && _keys.TryAdd(key, session))
            {
                (session.Key, session.BackendKey) = (key, backend);
            }
        }
    }

    /// <summary>The session of a cancel request; null when there is none.</summary>
    public GatewaySession? Find(CancelKey key)
    {
        lock (_lock)
        {
            return _keys.GetValueOrDefault(key);
        }
    }

    /// <summary>Ends every session whose node is not what it was, and parks those whose node is about to hand over;
    /// returns how many were ended.</summary>
    public int CheckAll() => Snapshot().Count(Check);

    /// <summary>Looks at one session again that has just begun to be relayed.</summary>
    public void Recheck(GatewaySession session) => Check(session);

    /// <summary>Sessions that are to be parked and could be at any moment.</summary>
    public int CountParkPending() => Snapshot().Count(s => s.IsParkPending);

    /// <summary>Ends all because the gateway stops.</summary>
    public void EndAllForStop(bool onlyIdle)
    {
        foreach (var session in Snapshot())
        {
            session.EndForStop(onlyIdle);
        }
    }

    private bool Check(GatewaySession session)
    {
        if (views.Numbered is not var (view, number))
        {
            return false;
        }

        if (session.Target.WhyInvalid(view) is not { } why)
        {
            session.Park(number, session.Target.IsPrimary && view.IsDraining && options.MaxParkedSessions > 0);
            return false;
        }

        session.EndBecause(why);
        return true;
    }

    private GatewaySession[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _sessions.Values];
        }
    }
}
