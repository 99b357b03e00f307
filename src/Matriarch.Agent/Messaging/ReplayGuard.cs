namespace Matriarch.Agent;

/// <summary>
/// Refuses datagrams that one sender has sent before: per process of the sender a counter with a window for overtaking,
/// and a bounded memory of processes that were superseded. Not thread-safe: the receiving loop owns it.
/// </summary>
internal sealed class ReplayGuard
{
    private const int Window = 64;
    private const int RememberedProcesses = 32;

    private readonly Queue<ulong> _superseded = new();
    private ulong _boot;
    private ulong _highest;
    private ulong _seen;

    /// <summary>Whether a datagram is new; remembers it if so.</summary>
    public bool Accept(ulong boot, ulong counter)
    {
        if (boot != _boot)
        {
            if (_superseded.Contains(boot))
            {
                return false;
            }

            if (_boot != 0)
            {
                _superseded.Enqueue(_boot);
                if (_superseded.Count > RememberedProcesses)
                {
                    _superseded.Dequeue();
                }
            }

            (_boot, _highest, _seen) = (boot, counter, 1);
            return true;
        }

        if (counter > _highest)
        {
            var ahead = counter - _highest;
            _seen = ahead >= Window ? 1 : (_seen << (int)ahead) | 1;
            _highest = counter;
            return true;
        }

        var behind = _highest - counter;
        if (behind >= Window || (_seen & (1UL << (int)behind)) != 0)
        {
            return false;
        }

        _seen |= 1UL << (int)behind;
        return true;
    }
}
