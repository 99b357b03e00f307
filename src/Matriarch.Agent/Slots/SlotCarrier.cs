using System.Collections.Immutable;
using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>
/// What the driver does about logical slots between the life of one server process and the next, and before a
/// promotion. Called by the driver only.
/// </summary>
internal sealed class SlotCarrier(
    PostgresServer server, NodeId self, bool mayLead, SlotSelection selection, SlotLedger ledger, PeerDirectory peers,
    Func<SlotReport> report, EventOutbox events)
{
    /// <summary>Until slots that must not be used are gone; longer than that no promotion waits.</summary>
    private static readonly TimeSpan DropDeadline = TimeSpan.FromSeconds(3);

    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private ImmutableArray<string> _untried = [];

    private bool IsActive => selection.Mode == LogicalSlotMode.Failover && !server.LogicalSlots.IsNative;

    /// <summary>Reads the slots of the primary that are missing here and could be used; the server may run.</summary>
    public async Task<ImmutableArray<SlotCopy>> FetchAsync(Upstream upstream, CancellationToken cancellation)
    {
        // Without a word of it that there are any nobody is asked: a start has no time to lose.
        if (!IsActive || !mayLead || peers.Find(upstream.Node) is not { Facts.Slots.Present: > 0 })
        {
            return [];
        }

        var (slots, problem) = await server.LogicalSlots.ReadUpstreamAsync(upstream, cancellation);
        if (slots is not { Timeline: not null })
        {
            Tell(upstream.Term, problem ?? $"{upstream.Node} is no primary");
            return [];
        }

        var wanted = slots.Slots.Where(s => selection.Includes(s.Name) && !_refused.Contains(s.Name));
        var names = server.SlotCopying.Missing(wanted).Select(s => s.Name).ToList();
        if (names.Count == 0)
        {
            return [];
        }

        var (copies, fault) = await server.SlotCopying.FetchAsync(upstream, names, cancellation);
        if (fault is not null)
        {
            Tell(upstream.Term, fault);
        }

        return copies;
    }

    /// <summary>Puts them into the data directory of the stopped server.</summary>
    public void Install(IReadOnlyCollection<SlotCopy> copies, Term term)
    {
        if (copies.Count == 0)
        {
            return;
        }

        try
        {
            ledger.Forget([.. copies.Select(c => c.Name)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell(term, e.Message);
            return;
        }

        var (installed, problem) = server.SlotCopying.Install(copies);
        _untried = [.. _untried.Union(installed, StringComparer.Ordinal)];
        if (problem is not null)
        {
            Tell(term, problem);
        }

        if (installed.Count > 0)
        {
            events.Add(
                "logical-slots-copied", NoticeSeverity.Info, term,
                $"{self} has copied logical slots of the primary: {string.Join(", ", installed)}");
        }
    }

    /// <summary>The server has started.</summary>
    public void Started() => _untried = [];

    /// <summary>The server has not started. Whatever the cause is, copied slots shall not be it.</summary>
    public void NotStarted(Term term)
    {
        if (_untried.IsEmpty)
        {
            return;
        }

        server.SlotCopying.Remove(_untried);
        _refused.UnionWith(_untried);
        Tell(term, $"PostgreSQL did not start after these were put there, so they are taken away again: "
            + string.Join(", ", _untried));
        _untried = [];
    }

    /// <summary>
    /// Before a promotion: drops the slots that could skip changes, while nobody can use one, and ends who moves others
    /// forward.
    /// </summary>
    /// <param name="before">The timeline on which the WAL of this server ends.</param>
    /// <param name="target">The timeline that it is about to begin.</param>
    /// <param name="present">Logical slots that it has.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task PrepareLeadingAsync(
        Timeline before, Timeline target, int present, CancellationToken cancellation)
    {
        if (!IsActive || (present == 0 && report().Verdicts.IsEmpty))
        {
            return;
        }

        var verdicts = report().Verdicts.ToDictionary(v => v.Name, StringComparer.Ordinal);
        var (own, problem) = present == 0 ? (null, null) : await server.LogicalSlots.ReadOwnAsync(cancellation);
        var names = own?.Slots.Select(s => s.Name).Where(selection.Includes).ToList() ?? [];
        var unready = names.Where(n => !ledger.IsReady(before, n)).ToList();
        if (problem is null && names.Count > 0
            && await server.LogicalSlots.DropAsync(unready, DropDeadline, cancellation) is ServerOutcome.Failed failed)
        {
            problem = failed.Reason;
        }

        var term = target.ToTerm();
        if (problem is not null)
        {
            events.Add(
                "logical-slots-not-checked", NoticeSeverity.Error, term,
                $"{self} leads with logical slots that may skip changes, because they could not be dropped: {problem}; "
                    + "drop them, and make their subscribers anew: " + string.Join(", ", unready));
        }

        var lost = problem is null ? unready.Union(verdicts.Keys.Except(names), StringComparer.Ordinal) : [];
        foreach (var name in lost.Order(StringComparer.Ordinal))
        {
            var why = verdicts.GetValueOrDefault(name)?.Reason
                ?? "it was not seen to be ready since this node followed the last primary";
            events.Add(
                "logical-slot-dropped", NoticeSeverity.Error, term,
                $"{self} leads without the logical slot {name}, which was not ready here: {why}. "
                    + "Its subscriber has to begin anew");
        }

        try
        {
            ledger.Lead(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell(term, e.Message); // It holds for this process, and is written again while it leads.
        }
    }

    private void Tell(Term term, string reason) => events.Add(
        "logical-slots-not-copied", NoticeSeverity.Warning, term, $"{self} could not copy logical slots: {reason}");
}
