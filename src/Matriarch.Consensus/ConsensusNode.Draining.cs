using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// The first half of a planned switchover: the leader announces that it will hand over and goes on serving, so that
/// transactions that run may end while gateways hold new ones. It ends when no transaction is left or at its deadline,
/// and then the leadership is handed over; or it is abandoned, and the leader serves on as if nothing had been.
/// Nothing that safety rests on happens here: the lease, the rule and the gate are those of a serving leader.
/// </summary>
public sealed partial class ConsensusNode
{
    private ulong _drains;

    private void BeginDraining(LeadershipState leading, NodeId successor, TimeSpan limit, string reason)
    {
        leading.Phase = LeadershipPhase.Draining;
        leading.Successor = successor;
        leading.Drain = new Drain(++_drains, _now + limit, reason);
        _out.Add(new Effect.Drain(leading.Drain.Id));
        PublishLeadership(leading);
        Report(
            "switchover-announced", NoticeSeverity.Info,
            $"{_self} will hand term {leading.Term} over to {successor}: {reason}; transactions that run have " +
            $"{limit.TotalSeconds:0.#} s to end");
    }

    /// <summary>The number tells the drain that was meant from an earlier one that was abandoned.</summary>
    private void OnDrained(ulong drain)
    {
        if (_leading is { Phase: LeadershipPhase.Draining } leading && leading.Drain!.Id == drain)
        {
            leading.Drain.IsOver = true;
        }
    }

    private void AdvanceDraining(LeadershipState leading)
    {
        var drain = leading.Drain!;
        var obstacle = _quiesced ? "elections are held off"
            : leading.Successor == _self ? null
            : WhyUnfit(leading.Successor, leading) is { } why ? $"{leading.Successor} cannot lead any more: {why}"
            : null;
        if (obstacle is not null)
        {
            Abandon(leading, obstacle);
        }
        else if (drain.IsOver || HasReached(drain.Until))
        {
            BeginHandover(
                leading, leading.Successor,
                drain.IsOver ? drain.Reason : $"{drain.Reason}; not all transactions ended in time");
        }
    }

    private void Abandon(LeadershipState leading, string why)
    {
        leading.Phase = LeadershipPhase.Serving;
        leading.Successor = default;
        leading.Drain = null;
        PublishLeadership(leading);
        Report(
            "switchover-abandoned", NoticeSeverity.Warning,
            $"{_self} keeps term {leading.Term} and serves on: {why}");
    }
}
