using Matriarch.Client;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Cli;

/// <summary>
/// Makes a cluster or resumes one, up to the moment when it serves. Everything that can be checked is checked before
/// anything is made; a first run that fails is undone, a resumed cluster is left as it is: its data is somebody's.
/// </summary>
internal sealed class ClusterUp(CliEnvironment environment)
{
    private const int MostRemovals = 30;

    /// <summary>What came of it.</summary>
    /// <param name="Cluster">The cluster.</param>
    /// <param name="Look">The last look at it: ready, or serving with something missing.</param>
    /// <param name="WasRunning">There was nothing to start.</param>
    public sealed record Outcome(LocalCluster Cluster, ClusterLook Look, bool WasRunning);

    /// <summary>Runs it.</summary>
    /// <exception cref="UserException">Refused, or it did not come to serve.</exception>
    public async Task<Outcome> RunAsync(
        ClusterPaths paths, UpRequest request, StartDisplay display, CancellationToken cancellation)
    {
        var known = LocalCluster.TryOpen(paths);
        var fresh = known is null ? await CheckNewAsync(paths, request, cancellation) : null;
        if (known is not null)
        {
            Preflight.RequestFits(known, request);
        }

        var made = ClusterMaker.MakeRoot(paths, environment.IsRoot);
        using var turn = ClusterLock.Take(paths);
        if (fresh is not null && LocalCluster.TryOpen(paths) is { } meanwhile)
        {
            (known, fresh) = (meanwhile, null); // another `up` made it while this one checked
        }

        if (known is not null)
        {
            return await ResumeAsync(known, display, cancellation);
        }

        try
        {
            return await StartAsync(fresh!, isFirst: true, display, cancellation);
        }
        catch (Exception e)
        {
            await UndoAsync(fresh!, made);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new UserException(
                    $"the cluster cannot be made: {e.Message}", "nothing was left behind; try again", 1, e);
            }

            throw;
        }
    }

    private async Task<LocalCluster> CheckNewAsync(
        ClusterPaths paths, UpRequest request, CancellationToken cancellation)
    {
        Preflight.DirectoryIsOurs(paths);
        var port = request.Port ?? UpRequest.DefaultPort;
        Preflight.DurabilityIsPossible(request);
        Preflight.GatewayPortIsFree("127.0.0.1", port);
        var postgres = await PostgresInstallation.FindAsync(request.PostgresBin ?? "", environment.Time, cancellation);
        var cluster = ClusterMaker.Draw(paths, request, postgres.BinDirectory, environment.IsRoot);
        Preflight.DiskHasRoom(paths.Root, cluster.Nodes[0].Directory);
        await Preflight.StoresAnswerAsync(cluster, environment, cancellation);
        return cluster;
    }

    private async Task<Outcome> ResumeAsync(LocalCluster cluster, StartDisplay display, CancellationToken cancellation)
    {
        var running = await ClusterProcesses.FindAsync(cluster, cancellation);
        if (running.AreComplete(cluster))
        {
            display.Begin(cluster, "Looking at the running cluster");
            return new Outcome(cluster, await WaitAsync(cluster, display, cancellation), WasRunning: true);
        }

        await PostgresInstallation.FindAsync(cluster.PostgresBin, environment.Time, cancellation);
        Preflight.RememberedPortsAreFree(cluster, running);
        Preflight.DiskLetsResume(cluster.Paths.Root, cluster.Nodes[0].Directory);
        Preflight.SecretsAreSafe(cluster);
        return await StartAsync(cluster, isFirst: false, display, cancellation);
    }

    private async Task<Outcome> StartAsync(
        LocalCluster cluster, bool isFirst, StartDisplay display, CancellationToken cancellation)
    {
        display.Begin(cluster, isFirst ? "Making a cluster" : "Starting the cluster");
        ClusterMaker.Complete(cluster, environment.IsRoot);
        var running = await ClusterProcesses.FindAsync(cluster, cancellation);
        var launcher = new ProcessLauncher(environment.Program);
        foreach (var node in cluster.Nodes.Where(n => !running.Agents.ContainsKey(n.Name)))
        {
            launcher.StartAgent(cluster, node);
        }

        if (running.Gateway is null)
        {
            launcher.StartGateway(cluster);
        }

        var look = await WaitAsync(cluster, display, cancellation);
        return look.GatewayAnswers && !look.HasDeadProcess
            ? new Outcome(cluster, look, WasRunning: false)
            : throw NotServing(cluster, look, isFirst);
    }

    private Task<ClusterLook> WaitAsync(LocalCluster cluster, StartDisplay display, CancellationToken cancellation) =>
        display.ShowAsync(show => new ClusterWait(cluster, environment.Time).RunAsync(show, cancellation));

    private UserException NotServing(LocalCluster cluster, ClusterLook look, bool isFirst)
    {
        if (look.SuspectProcess is { } suspect)
        {
            var log = cluster.Paths.Log(suspect);
            environment.WriteRemark($"the end of {log}:");
            foreach (var line in LogTail.Read(log, 15))
            {
                environment.WriteRemark("  | " + line);
            }
        }

        var what = string.Join("; ", look.Missing);
        return isFirst
            ? new UserException(
                $"the cluster did not come up: {what}",
                "put right what the log above says, then try again; nothing was left behind")
            : new UserException(
                $"the cluster does not serve: {what}",
                $"what runs was left running: see matriarch status, matriarch events and {cluster.Paths.Logs}");
    }

    // A program that a killed agent had started may still be writing a file or two.
    private async Task RemoveAsync(LocalCluster cluster)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                ClusterRemoval.Run(cluster);
                return;
            }
            catch (IOException) when (attempt < MostRemovals)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), environment.Time);
            }
        }
    }

    // Whatever goes wrong here must not hide why the start failed.
    private async Task UndoAsync(LocalCluster cluster, IReadOnlyList<string> made)
    {
        try
        {
            await new ClusterStop(cluster, environment.Time).KillAllAsync(CancellationToken.None);
            await RemoveAsync(cluster);
            foreach (var directory in made.Where(d => !Directory.EnumerateFileSystemEntries(d).Any()))
            {
                Directory.Delete(directory);
            }
        }
        catch (Exception e) when (e is UserException or IOException or UnauthorizedAccessException)
        {
            environment.WriteRemark($"what was made in {cluster.Paths.Root} could not be removed again: {e.Message}");
        }
    }
}
