using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>Takes the data of a former primary back to where its WAL parts from the upstream's, by pg_rewind.</summary>
/// <remarks>
/// A sentinel beside the data exists from before the first change until the end. With it nothing starts the server:
/// after an interruption the files are a mixture of two, and only a fresh copy helps.
/// </remarks>
internal sealed class Rewind(ServerContext context, Lifecycle lifecycle)
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);

    public async Task<ServerOutcome> RunAsync(
        Upstream upstream, WalPosition before, TimeSpan deadline, CancellationToken cancellation)
    {
        try
        {
            var remote = new RemoteServer(upstream.Host, upstream.Port, context.Secrets, context.Time);
            // Before PostgreSQL 16, pg_rewind reads the source's timeline from its last checkpoint, which a new primary
            // has not written yet: it would find nothing to do.
            var checkpoint = await remote.QueryAsync(c => c.ExecuteAsync("CHECKPOINT"), deadline, cancellation);
            if (!checkpoint.IsSuccess)
            {
                return new ServerOutcome.Failed($"{upstream} cannot write a checkpoint: {checkpoint.Failure.Reason}");
            }

            await lifecycle.StopAsync(ShutdownMode.Fast, StopDeadline);
            if (await context.Directory.InspectAsync(cancellation) is not DataDirectoryState.Present present)
            {
                return new ServerOutcome.Failed("there is no data that can be rewound");
            }

            var identity = await remote.SystemAsync(context.Options.QueryDeadline, cancellation);
            if (!identity.IsSuccess || identity.Value != present.Control.System)
            {
                return new ServerOutcome.Failed(
                    $"{upstream} is not known to be of this instance: "
                    + (identity.Failure?.Reason ?? "another identifier"));
            }

            return await RewindAsync(upstream, before, present.Control, deadline, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ServerOutcome.Failed(e.Message);
        }
    }

    private async Task<ServerOutcome> RewindAsync(
        Upstream upstream, WalPosition before, ControlData control, TimeSpan deadline, CancellationToken cancellation)
    {
        context.Directory.BeginRewind(before);
        // pg_rewind recovers a crashed server in single-user mode, which refuses to be a standby.
        DurableFile.Delete(context.Paths.StandbySignal);
        context.Dynamic.Detach();

        var source = string.Create(
            CultureInfo.InvariantCulture,
            $"host={DynamicConfiguration.LibpqValue(upstream.Host)} port={upstream.Port} ")
            + $"user={ServerSecrets.SuperuserName} dbname=postgres connect_timeout=5";
        string[] clean = control.IsCleanlyShutDown ? ["--no-ensure-shutdown"] : [];
        using var passfile = new ToolPassfile(context.Paths, context.User, context.Secrets.SuperuserPassword);
        var result = await ProgramRun.ExecuteAsync(
            new ProgramRun.Request(
                context.Installation.Program("pg_rewind"),
                ["--target-pgdata", context.Paths.Data, "--source-server", source, .. clean], deadline)
            {
                User = context.User,
                Environment = passfile.Environment,
            },
            context.Time, cancellation);
        if (!result.IsSuccess)
        {
            return new ServerOutcome.Failed($"pg_rewind: {result.FirstLine}");
        }

        // It brought the upstream's configuration with it.
        DurableFile.Replace(context.Paths.StandbySignal, "", context.User);
        context.Configuration.WriteStatic(context.Paths.Data);
        context.Configuration.StripAlterSystem(context.Paths.Data);
        context.Dynamic.Change(_ => DynamicSettings.Empty);
        context.Directory.EndRewind();
        return ServerOutcome.Success;
    }
}
