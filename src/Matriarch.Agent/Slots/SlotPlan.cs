using System.Collections.Immutable;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>
/// What a standby is to do about its copies of the primary's logical slots, and what each is worth. Pure: from one look
/// at both servers, and what the looks before it have shown.
/// </summary>
/// <remarks>
/// <para>A copy needs two things that a standby does not have by itself. The WAL from its restart_lsn on: once the slot
/// is loaded it keeps that, and that it is there is proven by decoding it. And the rows of the system catalogues as of
/// its catalog_xmin: these go when the <em>primary</em> vacuums them, and the standby replays that.</para>
/// <para>The primary keeps rows for its own slot (from P on), and for this standby's physical slot (from C on, where
/// hot_standby_feedback tells the oldest need of all copies). C only ever follows what this standby tells. So when C is
/// seen, and P after it, nothing from max(C, P) on has gone: before, the primary's own slot had kept it, and its
/// catalog_xmin never goes back; from then on C keeps it. A copy below that floor may miss rows (it was copied, then
/// the subscriber confirmed, vacuum ran, and only then did the feedback arrive): it must not be used before it has
/// moved up to the floor.</para>
/// <para>The floor is taken at the second look that finds C: the primary shows the value an instant before its vacuum
/// heeds it.</para>
/// </remarks>
/// <param name="Memory">For the next look.</param>
/// <param name="Advances">Slots to move forward, all of them at each look.</param>
/// <param name="Drops">Slots to drop.</param>
/// <param name="Verdicts">One for each slot of the primary that is to survive, by name.</param>
/// <param name="Absent">Slots of the primary that are not here.</param>
internal sealed record SlotPlan(
    SlotMemory Memory, ImmutableArray<SlotAdvance> Advances, ImmutableArray<SlotDrop> Drops,
    ImmutableArray<SlotVerdict> Verdicts, ImmutableArray<LogicalSlot> Absent)
{
    /// <summary>Nothing is done, and nothing is known to be ready.</summary>
    public static readonly SlotPlan Nothing = new(SlotMemory.None, [], [], [], []);

    /// <summary>Plans.</summary>
    /// <param name="primary">Of the primary that is streamed from; read as a primary of that timeline.</param>
    /// <param name="own">Read before or after; it streams.</param>
    /// <param name="before">From the look before.</param>
    /// <param name="selection">Which slots are looked after.</param>
    public static SlotPlan Make(
        UpstreamSlots primary, StandbySlots own, SlotMemory before, SlotSelection selection)
    {
        if (own is not { IsInRecovery: true, ReceiverPid: { } receiver, StreamedTimeline: { } timeline }
            || primary.Timeline != timeline)
        {
            return Nothing;
        }

        var memory = before.For(timeline, receiver);
        var progress = memory.Slots.ToBuilder();
        var (advances, drops, verdicts, absent) = (
            ImmutableArray.CreateBuilder<SlotAdvance>(), ImmutableArray.CreateBuilder<SlotDrop>(),
            ImmutableArray.CreateBuilder<SlotVerdict>(), ImmutableArray.CreateBuilder<LogicalSlot>());
        var wanted = primary.Slots.Where(s => !s.IsLost && selection.Includes(s.Name))
            .ToDictionary(s => s.Name, StringComparer.Ordinal);
        foreach (var copy in own.Slots.Where(s => selection.Includes(s.Name)))
        {
            if (ReasonToDrop(copy, wanted.GetValueOrDefault(copy.Name)) is { } reason)
            {
                drops.Add(new SlotDrop(copy.Name, reason));
                progress.Remove(copy.Name);
            }
        }

        var copies = own.Slots.Where(s => drops.All(d => d.Name != s.Name))
            .ToDictionary(s => s.Name, StringComparer.Ordinal);
        foreach (var (name, original) in wanted.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            if (!copies.TryGetValue(name, out var copy))
            {
                progress.Remove(name);
                absent.Add(original);
                verdicts.Add(SlotVerdict.NotReady(name, "it has no copy here yet"));
                continue;
            }

            var next = Next(progress.GetValueOrDefault(name, SlotProgress.None), primary.ProtectedXmin, original, copy);
            progress[name] = next;
            verdicts.Add(Judge(next, copy));
            if (copy.ConfirmedLsn is { } reached && reached <= own.ReplayLsn)
            {
                advances.Add(new SlotAdvance(copy, Target(original.ConfirmedLsn, reached, own.ReplayLsn)));
            }
        }

        return new SlotPlan(
            memory with { Slots = progress.ToImmutable() }, advances.DrainToImmutable(), drops.DrainToImmutable(),
            verdicts.DrainToImmutable(), absent.DrainToImmutable());
    }

    private static string? ReasonToDrop(LogicalSlot copy, LogicalSlot? original) => original switch
    {
        null => "the primary does not have it (any more)",
        _ when copy.IsLost => "WAL that its copy needs is gone",
        _ when !copy.IsSameAs(original) => "the primary has another slot of that name",
        _ => null,
    };

    /// <summary>
    /// As far as the subscriber has confirmed and this server has replayed. A copy may be ahead where this node was the
    /// primary before: it stays, since all up to there was confirmed to it.
    /// </summary>
    private static Lsn Target(Lsn? confirmed, Lsn reached, Lsn replayed)
    {
        var most = confirmed is { } lsn && lsn < replayed ? lsn : confirmed is null ? reached : replayed;
        return most > reached ? most : reached;
    }

    private static SlotProgress Next(SlotProgress before, Xid? kept, LogicalSlot original, LogicalSlot copy)
    {
        if (kept is not { } from || original.CatalogXmin is not { } needed || copy.CatalogXmin is not { } own)
        {
            return before with { IsProtected = false, Floor = null };
        }

        if (!before.IsProtected)
        {
            return before with { IsProtected = true };
        }

        var floor = before.Floor ?? Xid.Later(from, needed);
        return before with { Floor = own.Precedes(from) ? Xid.Later(floor, from) : floor };
    }

    private static SlotVerdict Judge(SlotProgress progress, LogicalSlot copy) => progress switch
    {
        { IsProtected: false } => SlotVerdict.NotReady(
            copy.Name, "the primary does not keep the catalogue rows that it needs yet"),
        { IsDecoded: false } => SlotVerdict.NotReady(copy.Name, "it could not be moved forward yet"),
        { Floor: { } floor } when copy.CatalogXmin is { } own && !own.Precedes(floor) => SlotVerdict.Ready(copy.Name),
        { Floor: { } floor } => SlotVerdict.NotReady(
            copy.Name,
            $"it needs catalogue rows that may have been vacuumed; its catalog_xmin {copy.CatalogXmin} has to come to "
                + $"{floor}"),
        _ => SlotVerdict.NotReady(copy.Name, "it was not seen to be protected for long enough"),
    };
}
