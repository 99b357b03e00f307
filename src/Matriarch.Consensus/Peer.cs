using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>What this node knows of another one: its last heartbeat and when it came.</summary>
internal sealed class Peer(NodeId id)
{
    private readonly (ulong Boot, ulong Sequence)[] _former = new (ulong, ulong)[8];
    private int _formerCount;

    public NodeId Id { get; } = id;

    /// <summary>The newest heartbeat of the peer's current process; null until one has come.</summary>
    public Message.Heartbeat? Last { get; private set; }

    /// <summary>When <see cref="Last"/> came; meaningless while it is null.</summary>
    public TimeSpan HeardAt { get; private set; }

    /// <summary>The highest term that it has given up after leading it. Never goes down.</summary>
    public Term FencedTerm { get; private set; }

    /// <summary>Since when it has been promised to a term above the leader's; null while it is not.</summary>
    public TimeSpan? StuckSince { get; set; }

    /// <summary>The send time of the newest heartbeat of ours that it acknowledged in the term we lead.</summary>
    public TimeSpan? AckedSendTime { get; set; }

    /// <summary>
    /// Takes a heartbeat; one that was overtaken by a newer one, of the same process or of a later, is dropped.
    /// </summary>
    public bool Accept(Message.Heartbeat heartbeat, TimeSpan now)
    {
        if (Last is { } last)
        {
            if (last.Boot == heartbeat.Boot && heartbeat.Sequence <= last.Sequence)
            {
                return false;
            }

            // A straggler of a former process has nothing newer to say than what that process was
            // last heard to say. Should one slip through that was never heard, the living process
            // takes its place back with its next heartbeat.
            if (last.Boot != heartbeat.Boot)
            {
                foreach (var (boot, sequence) in _former)
                {
                    if (boot == heartbeat.Boot && heartbeat.Sequence <= sequence)
                    {
                        return false;
                    }
                }

                Retire(last);
            }
        }

        Last = heartbeat;
        HeardAt = now;
        FencedTerm = Term.Max(FencedTerm, heartbeat.FencedTerm);
        return true;
    }

    private void Retire(Message.Heartbeat last)
    {
        for (var i = 0; i < _former.Length; i++)
        {
            if (_former[i].Boot == last.Boot)
            {
                _former[i].Sequence = last.Sequence;
                return;
            }
        }

        _former[_formerCount++ % _former.Length] = (last.Boot, last.Sequence);
    }

    /// <summary>Learns of a fence from another message than a heartbeat.</summary>
    public void LearnFence(Term term) => FencedTerm = Term.Max(FencedTerm, term);
}
