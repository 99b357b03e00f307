using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>What a simulated server process is doing.</summary>
internal enum ServerState
{
    Down,
    Starting,
    Standby,
    Primary,
    Stopping,
}

/// <summary>
/// A data directory and the server process on it, with the holes of the real one: a wait for
/// standbys can be skipped while the setting is being applied and can be cancelled, and after a
/// crash what was committed only locally becomes visible.
/// </summary>
internal sealed class SimulatedPostgres(int nodes)
{
    public List<WalEntry> Log { get; set; } = new(256);

    /// <summary>Records on disk; the rest of the log is lost in a crash.</summary>
    public int Flushed { get; set; }

    public int Replayed { get; set; }

    /// <summary>The position that was acknowledged before the last rewind.</summary>
    public WalPosition CountsFrom { get; set; }

    /// <summary>A rewind was interrupted: the directory must never be started again.</summary>
    public bool IsBroken { get; set; }

    public ServerState State { get; set; }

    /// <summary>Grows with every start and end of the server.</summary>
    public int Run { get; set; }

    /// <summary>The last end was a clean one, under a switchover.</summary>
    public bool WasHandedOver { get; set; }

    /// <summary>It lives, and answers nobody: not its clients, not its driver, not its followers.</summary>
    public bool IsHung { get; set; }

    /// <summary>The node that primary_conninfo names; -1 for none.</summary>
    public int Upstream { get; set; } = -1;

    public bool IsStreaming { get; set; }

    public int StreamEpoch { get; set; }

    public bool IsShipping { get; set; }

    public bool IsFlushing { get; set; }

    public bool IsReplaying { get; set; }

    public bool IsConnecting { get; set; }

    /// <summary>The setting that all backends and WAL senders have read.</summary>
    public SynchronousStandbys Applied { get; set; } = SynchronousStandbys.None;

    /// <summary>The setting that is in the file.</summary>
    public SynchronousStandbys Written { get; set; } = SynchronousStandbys.None;

    public int SyncEpoch { get; set; }

    /// <summary>Records that each node has acknowledged as flushed to this primary, in this run.</summary>
    public int[] Acknowledged { get; } = new int[nodes];

    public List<Commit> Waiting { get; } = new(16);

    public bool IsRunning => State is ServerState.Standby or ServerState.Primary;

    public WalPosition Position => Flushed == 0 ? default : Log[Flushed - 1].End;

    public bool IsStray => Flushed > 0 && Log[Flushed - 1].IsStray;

    /// <summary>What it has acknowledged ends where a promotion by nobody began.</summary>
    public WalPosition LegitimatePosition
    {
        get
        {
            var count = Flushed;
            while (count > 0 && Log[count - 1].IsStray)
            {
                count--;
            }

            return count == 0 ? default : Log[count - 1].End;
        }
    }

    public bool Counts => Position >= CountsFrom;

    public bool IsReplayedToTheEnd => Replayed == Log.Count && Flushed == Log.Count;

    /// <summary>The newest rule row that a query would see.</summary>
    public Rule? VisibleRule
    {
        get
        {
            var count = State == ServerState.Primary ? Log.Count : Replayed;
            foreach (var commit in Waiting)
            {
                if (commit.Rule is not null)
                {
                    count = commit.Entry.Index;
                    break;
                }
            }

            return count == 0 ? null : Log[count - 1].RuleAsOf;
        }
    }

    /// <summary>How many records the two logs share.</summary>
    public int CommonWith(SimulatedPostgres other)
    {
        var count = Math.Min(Log.Count, other.Log.Count);
        while (count > 0 && !ReferenceEquals(Log[count - 1], other.Log[count - 1]))
        {
            count--;
        }

        return count;
    }

    /// <summary>The process is gone, with everything that was not on disk.</summary>
    public void End()
    {
        if (Log.Count > Flushed)
        {
            Log.RemoveRange(Flushed, Log.Count - Flushed);
        }

        State = ServerState.Down;
        IsHung = false;
        Run++;
        Disconnect();
        Waiting.Clear();
        Array.Clear(Acknowledged);
        Replayed = Math.Min(Replayed, Flushed);
        IsReplaying = IsFlushing = false;
        Applied = Written;
        SyncEpoch++;
    }

    public void Disconnect()
    {
        IsStreaming = false;
        StreamEpoch++;
        IsShipping = false;
        IsConnecting = false;
    }
}
