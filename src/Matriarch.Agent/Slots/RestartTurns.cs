using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// The leader's decision which standby may restart its PostgreSQL to load logical slots. One at a time; only while
/// every voter streams and commits have their quorum without it; and each standby ever more rarely, so that somebody
/// who makes and drops slots all day does not restart it all day. Needs no memory beyond its own leadership: at worst a
/// new leader gives one turn more.
/// </summary>
internal sealed class RestartTurns
{
    /// <summary>From one turn of a standby to its next one; doubled each time, up to <see cref="MostWait"/>.</summary>
    public static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(30);

    /// <summary>The longest time between two turns of a standby that has slots to load.</summary>
    public static readonly TimeSpan MostWait = TimeSpan.FromHours(1);

    /// <summary>A standby that had no turn for so long begins with the shortest wait again.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromHours(3);

    /// <summary>A turn that is not taken within this is taken back.</summary>
    public static readonly TimeSpan TurnTime = TimeSpan.FromSeconds(10);

    /// <summary>After a turn has ended everything has to be well for this long before the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private readonly Dictionary<NodeId, (TimeSpan At, int Count)> _history = [];
    private RestartTurn? _open;
    private TimeSpan _openedAt;
    private TimeSpan? _calmSince;
    private ulong _number;

    /// <summary>Decides; to be called again and again while this node leads.</summary>
    /// <param name="picture">What is known now.</param>
    /// <param name="now">Monotonic.</param>
    public RestartTurn? Decide(TurnPicture picture, TimeSpan now)
    {
        if (_open is { } open)
        {
            var holder = picture.Standbys.FirstOrDefault(s => s.Node == open.Node);
            // Otherwise it restarts now, or has, or may not any more.
            if (picture.IsCalm && holder is { IsStreaming: true, Waiting: > 0 } && now - _openedAt < TurnTime
                && IsSpared(picture, open.Node))
            {
                return open;
            }

            (_open, _calmSince) = (null, null);
        }

        if (!picture.IsCalm || picture.Voters.Any(v => !IsStreaming(picture, v)))
        {
            _calmSince = null;
            return null;
        }

        _calmSince ??= now;
        if (now - _calmSince < Pause)
        {
            return null;
        }

        foreach (var standby in picture.Standbys.OrderBy(s => s.Node))
        {
            if (standby is { IsStreaming: true, Waiting: > 0 } && IsDue(standby.Node, now)
                && IsSpared(picture, standby.Node))
            {
                return Give(standby.Node, now);
            }
        }

        return null;
    }

    private RestartTurn Give(NodeId node, TimeSpan now)
    {
        var count = _history.TryGetValue(node, out var last) && now - last.At < Calm ? last.Count + 1 : 1;
        _history[node] = (now, count);
        _openedAt = now;
        return _open = new RestartTurn(node, ++_number);
    }

    private bool IsDue(NodeId node, TimeSpan now)
    {
        if (!_history.TryGetValue(node, out var last))
        {
            return true;
        }

        var wait = LeastWait * Math.Pow(2, Math.Min(last.Count - 1, 20));
        return now - last.At >= (wait < MostWait ? wait : MostWait);
    }

    private static bool IsSpared(TurnPicture picture, NodeId node) =>
        picture.Synchronous is { } needed && needed.IsMetBy(n => n != node && picture.Attached.Contains(n));

    private static bool IsStreaming(TurnPicture picture, NodeId voter) =>
        picture.Attached.Contains(voter) && picture.Standbys.Any(s => s.Node == voter && s.IsStreaming);
}
