using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

/// <summary>
/// Makes the local PostgreSQL what consensus wants it to be, and tells consensus what it is.
///
/// One loop: look at what is wanted, take the steps towards it, look at the server, report. The wanted posture is a
/// level, so a step that fails is simply taken again on the next round, and an agent that was restarted needs no memory
/// of where it was. While a step runs that may take long, a change of what is wanted cancels it; promotion, rewind and
/// stop are never cancelled half-way.
/// </summary>
internal sealed partial class Driver(
    PostgresServer server, NodeId self, PeerDirectory peers, PromiseWriter identity, Bootstrap bootstrap,
    EventOutbox events,
    Action<ConsensusEvent> post, Func<bool> isHurried, Func<bool> isPaused, DrainQuestions draining,
    DriverSlots slots, TimeProvider time, ILogger<Driver> logger) : IDisposable
{
    private static readonly TimeSpan IdleInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BusyInterval = TimeSpan.FromMilliseconds(10);

    private readonly WakeSignal _wake = new(time);
    private readonly Lock _wanting = new();
    private Posture _wantedPosture = new Posture.Idle();
    private SynchronousStandbys? _wantedStandbys;
    private CancellationTokenSource _wantedChanged = new();
    private volatile bool _isStopping;

    private Posture? _reached;
    private bool _endsItself;
    private bool _isLeftStopped;
    private SynchronousStandbys? _appliedStandbys;
    private WalPosition _detachedPosition;
    private string? _reason;

    private volatile DriverReport _report = DriverReport.Nothing;

    /// <summary>The latest report.</summary>
    public DriverReport Report => _report;

    /// <summary>What is wanted from now on. Called on the consensus thread.</summary>
    public void Want(Posture posture)
    {
        lock (_wanting)
        {
            _wantedPosture = posture;
            _ = _wantedChanged.CancelAsync(); // callbacks must not run on the consensus thread
            _wantedChanged = new CancellationTokenSource();
        }

        _wake.Set();
    }

    /// <summary>The synchronous standbys wanted from now on. Called on the consensus thread.</summary>
    public void Want(SynchronousStandbys standbys)
    {
        lock (_wanting)
        {
            _wantedStandbys = standbys;
        }

        _wake.Set();
    }

    /// <summary>
    /// A leader is being promoted that this node has promised to follow, and will once it says that it may. Called on
    /// the consensus thread.
    /// </summary>
    public void Expect(NodeId leader, Term term)
    {
        if (peers.UpstreamOf(leader, term) is { } upstream)
        {
            _ = Task.Run(() => server.ExpectUpstream(upstream)); // connecting must not keep the consensus thread
        }
    }

    /// <summary>Runs until cancelled; PostgreSQL goes on running.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await server.PrepareAsync(cancellation);
        server.Adopt();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(cancellation);
                await WaitAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Stops PostgreSQL for good, after which the driver does nothing any more.</summary>
    public async Task StopAsync(TimeSpan deadline)
    {
        lock (_wanting)
        {
            _isStopping = true;
            _ = _wantedChanged.CancelAsync();
        }

        Doing(DriverActivity.Stopping);
        var outcome = await server.StopAsync(ShutdownMode.Fast, deadline);
        LogStopped(outcome);
        await LookAsync(CancellationToken.None);
    }

    public void Dispose() => _wantedChanged.Dispose();

    private async Task RoundAsync(CancellationToken cancellation)
    {
        Posture posture;
        SynchronousStandbys? standbys;
        CancellationToken changed;
        lock (_wanting)
        {
            (posture, standbys, changed) = (_wantedPosture, _wantedStandbys, _wantedChanged.Token);
            if (_isStopping)
            {
                return;
            }
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, changed);
        try
        {
            NoticeExit();
            await ConvergeAsync(posture, standbys, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Something else is wanted now; the next round begins at once.
            _wake.Set();
        }
        catch (Exception e) when (e is not (OperationCanceledException or InvariantException))
        {
            // An agent that ended here would take its voter down with it; the step is tried again, and people are told.
            LogStepFailed(e, posture.GetType().Name);
            Retry("driver-failed", $"a step towards {posture} failed: {e.Message}");
        }

        if (!_isStopping)
        {
            await LookAsync(cancellation);
        }
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        var isThere = _wantedPosture.Equals(_reached) && Equals(_wantedStandbys, _appliedStandbys);
        // Consensus may wait for positions, and then every look counts.
        var interval = isHurried() || !isThere ? BusyInterval : IdleInterval;
        // The death of PostgreSQL is reported at once, not at the next look.
        await _wake.SleepAsync(interval, IsRunning ? server.Exited : null, cancellation);
        cancellation.ThrowIfCancellationRequested();
    }

    private bool IsRunning => server.PostmasterPid is not null && !server.Exited.IsCompleted;

    /// <summary>What held of a server that has ended holds no more, except that it was handed over.</summary>
    private void NoticeExit()
    {
        if (IsRunning)
        {
            _isLeftStopped = _endsItself = false;
        }
        else
        {
            // Who pauses an instance works on its servers: what they stop stays stopped.
            _isLeftStopped = isPaused() && !_endsItself;
            _appliedStandbys = null;
            if (_reached is not Posture.HandedOver)
            {
                _reached = null;
            }
        }
    }

    private Term CurrentTerm => identity.Identity.Promise.Term;

    private void Fault(string kind, string reason, NoticeSeverity severity = NoticeSeverity.Warning)
    {
        // Once per reason: a step that fails is taken again many times a second.
        if (_reason != reason)
        {
            events.Add(kind, severity, CurrentTerm, $"{self}: {reason}");
        }

        _reason = reason;
    }
}
