using System.Security.Cryptography;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>
/// How old the data of this standby may be: the time since it last provably held everything that its leader had. Known
/// also while it is cut off, since then the proof only grows older.
/// <list type="number">
/// <item>Each heartbeat of this node carries a <see cref="Probe"/>: now, by the clock of this process.</item>
/// <item>A serving leader notes the newest probe of each node, <em>then</em> looks at its PostgreSQL, and gives the
/// probe back with the end of WAL of that look, while its lease holds in a later step of its consensus. So the leader
/// had no more at the moment of the probe than that WAL, however long either message was on its way.</item>
/// <item>The probe that comes back is a mark. It is proven when this PostgreSQL has <em>replayed</em> that far (to have
/// received is not enough) while it streams on the leader's timeline: then it holds what was acknowledged until the
/// probe was drawn.</item>
/// <item>A proof lasts as long as the PostgreSQL process: a standby that starts again lets clients in before it has
/// replayed all that it had, and one that was rewound may never have it again.</item>
/// </list>
/// Safe for any thread.
/// </summary>
internal sealed class StalenessTracker(TimeProvider time)
{
    /// <summary>Marks that wait to be proven; of more, every second one goes, which costs only precision.</summary>
    public const int MostMarks = 128;

    private readonly ulong _process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
    private readonly Lock _lock = new();
    private readonly List<StalenessMark> _waiting = []; // oldest first
    private (StalenessMark Mark, int Postmaster)? _proven;

    /// <summary>Now, to be given back by a leader.</summary>
    public Probe Draw() => new(_process, time.GetTimestamp());

    /// <summary>A leader gave a probe back, or somebody one of another process, which says nothing.</summary>
    /// <param name="echo">The probe.</param>
    /// <param name="timeline">Of the leader.</param>
    /// <param name="lsn">End of the WAL that it had when it looked, after it had received the probe.</param>
    /// <param name="report">The latest look at this PostgreSQL.</param>
    public void Heard(Probe echo, Timeline timeline, Lsn lsn, DriverReport report)
    {
        lock (_lock)
        {
            var newest = _waiting.Count > 0 ? _waiting[^1].At : _proven?.Mark.At ?? long.MinValue;
            if (echo.Process == _process && echo.At > newest)
            {
                Add(new StalenessMark(echo.At, timeline, lsn));
            }

            Prove(report);
        }
    }

    /// <summary>How old the data may be; null when nothing is proven of this PostgreSQL.</summary>
    public TimeSpan? Current(DriverReport report)
    {
        lock (_lock)
        {
            Prove(report);
            return _proven is var (mark, postmaster) && report.PostmasterPid == postmaster
                && report.Snapshot is { IsInRecovery: true } seen && seen.ReplayLsn >= mark.Lsn
                ? time.GetElapsedTime(mark.At)
                : null;
        }
    }

    private void Add(StalenessMark mark)
    {
        if (_waiting.Count > 0 && _waiting[^1].Timeline == mark.Timeline && _waiting[^1].Lsn == mark.Lsn)
        {
            _waiting[^1] = mark; // the leader wrote nothing meanwhile
            return;
        }

        _waiting.Add(mark);
        if (_waiting.Count > MostMarks)
        {
            for (var i = _waiting.Count - 2; i > 0; i -= 2)
            {
                _waiting.RemoveAt(i);
            }
        }
    }

    private void Prove(DriverReport report)
    {
        if (report is not
            {
                PostmasterPid: { } postmaster,
                Snapshot: { IsInRecovery: true, WalReceiver: { IsStreaming: true, Timeline: { } timeline } } seen,
            })
        {
            return;
        }

        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            if (_waiting[i].Timeline == timeline && _waiting[i].Lsn <= seen.ReplayLsn)
            {
                _proven = (_waiting[i], postmaster);
                _waiting.RemoveRange(0, i + 1);
                return;
            }
        }
    }
}
