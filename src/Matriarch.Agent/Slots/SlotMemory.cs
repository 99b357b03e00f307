using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// What is remembered from one look at the slots to the next. It holds for one connection of the WAL receiver: while
/// the standby was away its own slot on the primary, and with it the protection, may have gone and come back.
/// </summary>
/// <param name="Timeline">What is streamed.</param>
/// <param name="ReceiverPid">By which process.</param>
/// <param name="Slots">By name.</param>
internal sealed record SlotMemory(
    Timeline Timeline, int ReceiverPid, ImmutableDictionary<string, SlotProgress> Slots)
{
    /// <summary>Before the first look.</summary>
    public static readonly SlotMemory None =
        new(new Timeline(0), 0, ImmutableDictionary.Create<string, SlotProgress>(StringComparer.Ordinal));

    /// <summary>With the news that a slot was moved forward here.</summary>
    public SlotMemory Decoded(string name) => Slots.TryGetValue(name, out var progress)
        ? this with { Slots = Slots.SetItem(name, progress with { IsDecoded = true }) } : this;

    /// <summary>The same, if it is of this connection; otherwise nothing is remembered.</summary>
    public SlotMemory For(Timeline timeline, int receiverPid) =>
        (Timeline, ReceiverPid) == (timeline, receiverPid) ? this : None with
        {
            Timeline = timeline, ReceiverPid = receiverPid,
        };
}
