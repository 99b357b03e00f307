namespace Matriarch.Consensus;

/// <summary>
/// When time alone would change something. Every comparison with the clock goes through <see cref="HasReached"/>, which
/// notes the moment at which it will turn, so the earliest of them is known without a second list of deadlines.
/// </summary>
public sealed partial class ConsensusNode
{
    private TimeSpan _wake;

    /// <summary>
    /// The monotonic time by which this node needs its next <see cref="ConsensusEvent.Tick"/>, if nothing else happens
    /// before: a tick any earlier has no effect. One that comes later makes the node as late, so a caller that cannot
    /// keep a time ticks each 10 ms instead.
    /// </summary>
    public TimeSpan NextWake => _wake;

    /// <summary>Whether it is this time or later; if not, the node is to be woken then.</summary>
    private bool HasReached(TimeSpan deadline)
    {
        if (_now >= deadline)
        {
            return true;
        }

        WakeBy(deadline);
        return false;
    }

    private void WakeBy(TimeSpan time)
    {
        if (time < _wake)
        {
            _wake = time;
        }
    }

    /// <summary>Whether the peer was heard within the failure timeout.</summary>
    private bool IsFresh(Peer peer) => peer.Last is not null && !HasReached(peer.HeardAt + _options.FailureTimeout);
}
