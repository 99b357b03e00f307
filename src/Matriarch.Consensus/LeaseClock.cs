using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// The leader's side of the lease: it may serve until the lease duration has passed since it
/// *sent* the newest heartbeat that a majority of voters, itself included, has acknowledged.
/// Measured from sending, so delays only shorten it.
/// </summary>
internal sealed class LeaseClock
{
    private const int Remembered = 128;
    private readonly (ulong Sequence, TimeSpan At)[] _sent = new (ulong, TimeSpan)[Remembered];

    /// <summary>Remembers when a heartbeat was sent.</summary>
    public void Sent(ulong sequence, TimeSpan now) => _sent[sequence % Remembered] = (sequence, now);

    /// <summary>When the heartbeat was sent; null when it is too old to matter.</summary>
    public TimeSpan? SentAt(ulong sequence)
    {
        var entry = _sent[sequence % Remembered];
        return entry.Sequence == sequence ? entry.At : null;
    }

    /// <summary>The end of the lease; null while no majority has acknowledged anything.</summary>
    /// <param name="rule">Whose acknowledgements count.</param>
    /// <param name="self">The leader, which always acknowledges itself.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="duration">The lease duration.</param>
    /// <param name="peers">What the voters have acknowledged.</param>
    public static TimeSpan? Until(
        Rule rule, NodeId self, TimeSpan now, TimeSpan duration, PeerTable peers)
    {
        Span<TimeSpan> times = stackalloc TimeSpan[rule.Voters.Length];
        var count = 0;
        foreach (var voter in rule.Voters)
        {
            var at = voter.Node == self ? now : AckedSendTime(peers.Find(voter.Node), voter);
            if (at is { } time)
            {
                times[count++] = time;
            }
        }

        if (count < rule.MajorityCount)
        {
            return null;
        }

        times = times[..count];
        times.Sort();
        return times[count - rule.MajorityCount] + duration;
    }

    private static TimeSpan? AckedSendTime(Peer? peer, Voter voter) =>
        peer?.Last?.Incarnation == voter.Incarnation ? peer.AckedSendTime : null;
}
