using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>The eyes of the driver: what it sees of PostgreSQL, and how it tells consensus.</summary>
internal sealed partial class Driver
{
    /// <summary>How long a running server that does not answer keeps the state last seen.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private ServerSnapshot? _snapshot;
    private long _snapshotAt;
    private DriverLook? _look;

    private async Task LookAsync(CancellationToken cancellation)
    {
        NoticeExit();
        if (!IsRunning)
        {
            _snapshot = null;
            Tell(ConditionOfStopped, null, DriverActivity.None);
            return;
        }

        var heard = peers.Probes(); // before the look: what it sees is not older than these
        var look = new DriverLook(time.GetTimestamp(), heard);
        switch (await server.ObserveAsync(cancellation))
        {
            case Observation.Seen { Snapshot: var snapshot }:
                if (!IsOurs(snapshot.System))
                {
                    RefuseForeignData(snapshot.System);
                    _snapshot = null;
                    Tell(PostgresCondition.Failed, null, DriverActivity.None);
                    break;
                }

                (_snapshot, _look) = (snapshot, look);
                _snapshotAt = time.GetTimestamp();
                identity.Remember(snapshot.System);
                CheckPosture(snapshot);
                ForgetRewindWhenPast(snapshot);
                Tell(PostgresCondition.Running, snapshot, DriverActivity.None);
                break;
            case Observation.CannotConnect when !IsRunning:
                NoticeExit();
                _snapshot = null;
                Tell(PostgresCondition.Stopped, null, DriverActivity.None);
                break;
            case Observation.CannotConnect { IsStarting: true }:
                _snapshot = null;
                Tell(PostgresCondition.Busy, null, DriverActivity.Starting);
                break;
            case var other:
                LookedInVain(other is Observation.QueryFailed failed
                    ? failed.Reason : ((Observation.CannotConnect)other).Reason);
                break;
        }
    }

    /// <summary>A node holds the data of one instance for all its life, or of none yet.</summary>
    private bool IsOurs(SystemIdentifier system) =>
        identity.Identity.System == SystemIdentifier.None || identity.Identity.System == system;

    private void RefuseForeignData(SystemIdentifier found) => Retry(
        "foreign-data-refused",
        $"{server.Paths.Data} belongs to another instance (system identifier {found}, not {identity.Identity.System}); "
        + "nothing is changed: move it away, and the data is copied from the primary");

    /// <summary>One failed look changes nothing; a server that stays silent is no longer claimed to run well.</summary>
    private void LookedInVain(string reason)
    {
        if (_snapshot is { } last && time.GetElapsedTime(_snapshotAt) < Patience)
        {
            Tell(PostgresCondition.Running, last, DriverActivity.None);
            return;
        }

        _reason = $"PostgreSQL does not answer: {reason}";
        Tell(PostgresCondition.Busy, null, DriverActivity.None);
    }

    /// <summary>
    /// What was reached holds only while the server is seen to be so: nobody promotes or demotes behind our back.
    /// </summary>
    private void CheckPosture(ServerSnapshot snapshot)
    {
        var holds = _reached switch
        {
            Posture.Leading leading => !snapshot.IsInRecovery && snapshot.Timeline == leading.Term.ToTimeline(),
            Posture.Following or Posture.Fetching => snapshot.IsInRecovery,
            Posture.Detached => snapshot.IsInRecovery && snapshot.WalReceiver is null,
            _ => true,
        };
        if (!holds)
        {
            _reached = null;
        }
    }

    private void ForgetRewindWhenPast(ServerSnapshot snapshot)
    {
        if (server.RewoundFrom is { } before && _reached is Posture.Following
            && snapshot.WalReceiver is { IsStreaming: true, Timeline: { } timeline }
            && new WalPosition(timeline, snapshot.ReplayLsn) >= before)
        {
            server.ForgetRewoundFrom();
        }
    }

    private PostgresCondition ConditionOfStopped =>
        Directory.Exists(server.Paths.Data) ? PostgresCondition.Stopped : PostgresCondition.Absent;

    /// <summary>Tells what begins now; a node without data stays without until the data is there.</summary>
    private void Doing(DriverActivity activity)
    {
        _endsItself |= activity is DriverActivity.Stopping or DriverActivity.Rewinding or DriverActivity.Copying;
        var isPromoting = activity is DriverActivity.Promoting && _snapshot is not null;
        var condition = isPromoting ? PostgresCondition.Running
            : IsRunning || ConditionOfStopped == PostgresCondition.Stopped ? PostgresCondition.Busy
            : PostgresCondition.Absent;
        Tell(condition, isPromoting ? _snapshot : null, activity);
    }

    private void Tell(PostgresCondition condition, ServerSnapshot? snapshot, DriverActivity activity)
    {
        var last = _report.Status;
        var isPrimary = snapshot is { IsInRecovery: false };
        var position = snapshot is null ? last.Position
            : _reached is Posture.Detached ? _detachedPosition
            : new WalPosition(TimelineOf(snapshot), snapshot.FlushLsn);
        var status = new PostgresStatus(
            condition, isPrimary, position, _reached, _appliedStandbys,
            _reached is Posture.Following && snapshot?.WalReceiver is { IsStreaming: true },
            snapshot?.Rule ?? last.Rule, server.RewoundFrom is null);
        var report = new DriverReport(status, snapshot, activity, IsRunning ? server.PostmasterPid : null, _reason)
        {
            Look = snapshot is null ? null : _look,
        };
        var isNews = status != last || _report == DriverReport.Nothing;
        _report = report;
        if (isNews)
        {
            post(new ConsensusEvent.Observed(status));
        }
    }

    /// <summary>A streaming standby is on the timeline that it receives, even before replay has got there.</summary>
    private static Timeline TimelineOf(ServerSnapshot snapshot) =>
        snapshot.IsInRecovery && snapshot.WalReceiver is { Timeline: { } received } ? received : snapshot.Timeline;
}
