using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// A candidate that is preferred to the most advanced recruit (priority, a switchover's successor), or that stands in
/// for one that must never lead, first fetches the WAL that it lacks from it. Both have promised the term, so nothing
/// that is fetched is an acknowledgement to a leader of before; and the candidate is not appointed, on its disk, before
/// it has everything. If it fails, the next term is another's; where all
/// others are set never to lead, people have to choose.
/// </summary>
public sealed partial class ConsensusNode
{
    /// <summary>A candidate that could not fetch what it lacked is not preferred for this long.</summary>
    private static readonly TimeSpan FetchMemory = TimeSpan.FromSeconds(10);

    private readonly List<(NodeId Node, TimeSpan Until)> _fetchFailures = [];

    /// <summary>
    /// Whether everything to the base of the term is here. If not, PostgreSQL is to fetch it; it is detached again once
    /// it has, and the repeated appointment finds it so. On exactly the timeline of the base: a promotion by nobody,
    /// since this node was recruited, would be another one, and above it.
    /// </summary>
    private bool HasFetched(Message.Appoint appoint)
    {
        if (IsAstray)
        {
            return false;
        }

        if (_status.Position.Timeline == appoint.Base.Timeline && _status.Position.Lsn >= appoint.Base.Lsn)
        {
            if (_posture is Posture.Fetching { Term: var term } && term == appoint.Term)
            {
                Assume(new Posture.Detached(appoint.Term));
            }

            return true;
        }

        if (_posture is Posture.Detached && !appoint.Holder.IsNone)
        {
            Report(
                "wal-fetching", NoticeSeverity.Info,
                $"{_self} shall lead term {appoint.Term} and fetches WAL from {_status.Position} to {appoint.Base} " +
                $"from {appoint.Holder} first");
            Assume(new Posture.Fetching(appoint.Term, appoint.Holder, appoint.Base));
        }

        return false;
    }

    /// <summary>Whether the candidate lives and lacks WAL still.</summary>
    private bool IsFetching(Appointment appointment)
    {
        var position = appointment.Leader == _self ? _status.Position
            : _peers.Find(appointment.Leader) is { } peer && IsFresh(peer) ? peer.Last!.Position
            : appointment.Message.Base;
        return appointment.Leader != appointment.Message.Holder && position < appointment.Message.Base;
    }

    private void FetchFailed(Appointment appointment)
    {
        _fetchFailures.RemoveAll(f => f.Node == appointment.Leader);
        _fetchFailures.Add((appointment.Leader, _now + FetchMemory));
        Report(
            "wal-not-fetched", NoticeSeverity.Warning,
            $"{appointment.Leader} did not fetch the WAL that it lacked from {appointment.Message.Holder} in time; " +
            "another election follows");
    }

    private bool CannotFetch(NodeId node) => _fetchFailures.Exists(f => f.Node == node && !HasReached(f.Until));
}
