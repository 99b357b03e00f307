using System.Net;

namespace Matriarch.Agent;

/// <summary>
/// What the receiver remembers of one name: its replays, and where it speaks from, so that a second node of the same
/// name does not take the place of the first. Not thread-safe: the receiving loop owns it.
/// </summary>
internal sealed class SenderGuard(TimeProvider time)
{
    /// <summary>
    /// How long a name belongs to an address that has fallen silent. An agent that is started again at the same address
    /// is taken at once, one that has moved after this.
    /// </summary>
    private static readonly TimeSpan NameHeldFor = TimeSpan.FromSeconds(3);

    private readonly ReplayGuard _replays = new();
    private EndPoint? _address;
    private ulong _boot;
    private long _heardAt;

    /// <summary>A second node of this name has been told of since the first was last replaced.</summary>
    public bool IsDuplicateReported { get; set; }

    /// <summary>Where the node of this name speaks from; null before it was heard.</summary>
    public EndPoint? Address => _address;

    /// <summary>Whether another node holds this name: another process, at another address, heard just now.</summary>
    public bool IsHeldByAnother(EndPoint from, ulong boot) =>
        _address is not null && boot != _boot && !_address.Equals(from)
        && time.GetElapsedTime(_heardAt) < NameHeldFor;

    /// <summary>Whether a datagram is new; remembers it, and where it came from, if so.</summary>
    public bool Accept(EndPoint from, ulong boot, ulong counter)
    {
        if (!_replays.Accept(boot, counter))
        {
            return false;
        }

        if (boot != _boot)
        {
            IsDuplicateReported = false;
        }

        (_address, _boot, _heardAt) = (from, boot, time.GetTimestamp());
        return true;
    }
}
