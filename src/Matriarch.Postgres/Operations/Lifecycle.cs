using System.Collections.Immutable;
using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>Starting, adopting and stopping the processes of the server.</summary>
internal sealed class Lifecycle(ServerContext context)
{
    private static readonly TimeSpan OrphanPatience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan KillDeadline = TimeSpan.FromSeconds(10);

    private readonly PostmasterLog _log = new(context);

    private ServerPaths Paths => context.Paths;

    /// <summary>Attaches to the postmaster that runs on the data directory; null when there is none.</summary>
    public int? Adopt()
    {
        if (context.Watch is { Exited.IsCompleted: false } attached)
        {
            return attached.Pid;
        }

        context.Watch?.Dispose();
        context.Watch = context.Processes.FindLive() is { } pid ? PostmasterWatch.TryOpen(pid, context.Processes)
            : null;
        context.ProvenStandbyNames = null;
        return context.Watch?.Pid;
    }

    /// <summary>
    /// Starts as a standby. In this order: nobody of an earlier run is left; the files say "standby, following only
    /// whom the caller named"; the postmaster runs; it accepts connections.
    /// </summary>
    public async Task<StartOutcome> StartAsync(Upstream? upstream, TimeSpan deadline, CancellationToken cancellation)
    {
        var until = new Deadline(context.Time, deadline);
        if (Adopt() is { } running)
        {
            return await WaitUntilReadyAsync(running, _log.Length, [], until, cancellation);
        }

        if (File.Exists(Paths.Rewinding))
        {
            return new StartOutcome.Failed("a rewind was interrupted or failed; a fresh copy is needed", "");
        }

        try
        {
            if (!await FinishLeftoversAsync(KillDeadline))
            {
                return new StartOutcome.Failed("processes of an earlier run cannot be ended", "");
            }

            if (await PrepareTimelinesAsync(upstream, cancellation) is { } problem)
            {
                return new StartOutcome.Failed(problem, "");
            }

            var removed = WriteFiles(upstream);
            var logStart = _log.Length;
            var pid = await LaunchAsync(cancellation);
            return pid is { } launched
                ? await WaitUntilReadyAsync(launched, logStart, removed, until, cancellation)
                : new StartOutcome.Failed("the postmaster could not be launched", _log.ReadTail(logStart));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new StartOutcome.Failed(e.Message, "");
        }
    }

    private async Task<string?> PrepareTimelinesAsync(Upstream? upstream, CancellationToken cancellation)
    {
        var (control, problem) = await context.Directory.ReadControlAsync(Paths.Data, cancellation);
        if (control is null)
        {
            return problem;
        }

        context.Timelines.PrepareStart(control);
        if (upstream is null)
        {
            return null;
        }

        var remote = await new RemoteServer(upstream.Host, upstream.Port, context.Secrets, context.Time)
            .IdentifyAsync(context.Options.QueryDeadline, cancellation);
        if (!remote.IsSuccess)
        {
            return $"{upstream} cannot be asked for its history: {remote.Failure.Reason}";
        }

        if (remote.Value.System != control.System)
        {
            return $"{upstream} belongs to another instance ({remote.Value.System})";
        }

        // Only up to the timeline that the upstream has: an empty history at the end of the chain would stop the start.
        var history = remote.Value.History;
        context.Timelines.PrepareFollow(control.CheckpointTimeline, history, remote.Value.HistoryFile,
            history.Timeline);
        return null;
    }

    private ImmutableArray<string> WriteFiles(Upstream? upstream)
    {
        Invariant.Holds(Directory.Exists(Paths.Data), "a server is started only where there is a data directory");
        DurableFile.Replace(Paths.StandbySignal, "", context.User);
        File.Delete(Path.Combine(Paths.Data, "recovery.signal"));
        context.Configuration.WriteStatic(Paths.Data);
        var removed = context.Configuration.StripAlterSystem(Paths.Data);
        if (upstream is null)
        {
            context.Dynamic.Detach();
        }
        else
        {
            context.Dynamic.Follow(context.Self, upstream);
        }

        // Nobody of this directory lives, so the pid in it is a zombie's or another program's, which would stop
        // PostgreSQL.
        File.Delete(Paths.PidFile);
        _log.Prepare();
        return removed;
    }

    // The shell ends at once, so the postmaster becomes a child of init, in a session of its own, writing to a file:
    // nothing ties it to the agent.
    private async Task<int?> LaunchAsync(CancellationToken cancellation)
    {
        const string Script = """umask 077; setsid "$0" -D "$1" </dev/null >>"$2" 2>&1 & echo $!""";
        var result = await ProgramRun.ExecuteAsync(
            new ProgramRun.Request(
                "/bin/sh", ["-c", Script, context.Installation.Program("postgres"), Paths.Data, Paths.Log],
                TimeSpan.FromSeconds(10))
            {
                User = context.User,
            },
            context.Time, cancellation);
        return int.TryParse(result.StandardOutput.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? pid
            : null;
    }

    private async Task<StartOutcome> WaitUntilReadyAsync(
        int pid, long logStart, ImmutableArray<string> removed, Deadline until, CancellationToken cancellation)
    {
        // The process has to become "postgres, in the data directory" before it can be told from any other.
        while (Adopt() != pid)
        {
            if (!PostmasterProcess.IsAlive(pid))
            {
                return Failed(logStart);
            }

            if (until.IsOver)
            {
                return new StartOutcome.StillStarting(pid, "the postmaster has not written its pid file yet");
            }

            await until.PauseAsync(3, cancellation);
        }

        while (true)
        {
            if (context.Watch is not { Exited.IsCompleted: false })
            {
                return Failed(logStart);
            }

            if (context.Processes.ReadPidFile() is { Status: "ready" or "standby" })
            {
                var result = await context.Control.RunAsync(
                    c => c.ScalarAsync<int?>("SELECT 1"), until.AtMost(context.Options.QueryDeadline), cancellation);
                if (result.IsSuccess)
                {
                    return new StartOutcome.Running(pid, removed);
                }
            }

            if (until.IsOver)
            {
                return new StartOutcome.StillStarting(pid, "it does not accept connections yet");
            }

            await until.PauseAsync(5, cancellation);
        }
    }

    private StartOutcome.Failed Failed(long logStart)
    {
        var tail = _log.ReadTail(logStart);
        var lines = tail.Split('\n');
        var fatal = lines.LastOrDefault(l => l.Contains("FATAL:", StringComparison.Ordinal)
            || l.Contains("PANIC:", StringComparison.Ordinal));
        var reason = tail.Contains("Address already in use", StringComparison.Ordinal)
            ? string.Create(
                CultureInfo.InvariantCulture,
                    $"port {context.Options.Port} on {context.Options.Host} is in use by another program")
            : fatal is not null
                ? fatal[(fatal.IndexOf(": ", StringComparison.Ordinal) + 2)..].Trim()
                : "the postmaster ended during the start";
        return new StartOutcome.Failed(reason, tail);
    }

    /// <summary>Stops, by harder means when the softer ones take too long; nothing is left afterwards.</summary>
    public async Task<StopOutcome> StopAsync(ShutdownMode mode, TimeSpan deadline)
    {
        var outcome = StopOutcome.WasNotRunning;
        if (Adopt() is not null && context.Watch is { } watch)
        {
            outcome = mode == ShutdownMode.Fast && await SignalAsync(watch, Posix.SigInt, deadline) ? StopOutcome.Fast
                : await SignalAsync(
                    watch, Posix.SigQuit, mode == ShutdownMode.Fast ? context.Options.ImmediateStopDeadline : deadline)
                    ? StopOutcome.Immediate
                    : StopOutcome.Killed;
            if (outcome == StopOutcome.Killed)
            {
                // All in one sweep: a child that outlived the postmaster for a while would go on acknowledging.
                KillAll();
                await watch.Exited.WaitAsync(KillDeadline, context.Time);
            }
        }

        var isClear = await FinishLeftoversAsync(KillDeadline);
        Invariant.Holds(isClear, "a killed process ends");
        context.Watch?.Dispose();
        context.Watch = null;
        await context.CloseConnectionsAsync();
        return outcome;
    }

    private async Task<bool> SignalAsync(PostmasterWatch watch, int signal, TimeSpan deadline)
    {
        if (watch.Exited.IsCompleted || !Posix.Kill(watch.Pid, signal))
        {
            return true;
        }

        try
        {
            await watch.Exited.WaitAsync(deadline, context.Time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>
    /// After the postmaster was killed, its children notice and end by themselves within moments; those that do not are
    /// killed. Until then they keep the shared memory in use, and a new postmaster would refuse to start.
    /// </summary>
    private async Task<bool> FinishLeftoversAsync(TimeSpan deadline)
    {
        var patience = new Deadline(context.Time, OrphanPatience);
        if (await patience.UntilAsync(() => context.Processes.FindAll().Count == 0, 5, CancellationToken.None))
        {
            return true;
        }

        var until = new Deadline(context.Time, deadline);
        return await until.UntilAsync(
            () =>
            {
                KillAll();
                return context.Processes.FindAll().Count == 0;
            },
            5, CancellationToken.None);
    }

    private void KillAll()
    {
        foreach (var pid in context.Processes.FindAll())
        {
            Posix.Kill(pid, Posix.SigKill);
        }
    }
}
