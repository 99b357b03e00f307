using System.Globalization;
using System.Text.RegularExpressions;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>Makes a fresh copy of an upstream beside the data, and then puts it in its place.</summary>
internal sealed partial class BaseBackup(ServerContext context, Lifecycle lifecycle)
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);

    public async Task<ServerOutcome> RunAsync(
        Upstream upstream, IProgress<CopyProgress>? progress, TimeSpan deadline, CancellationToken cancellation)
    {
        try
        {
            var remote = new RemoteServer(upstream.Host, upstream.Port, context.Secrets, context.Time);
            var system = await remote.SystemAsync(context.Options.QueryDeadline, cancellation);
            if (!system.IsSuccess)
            {
                return new ServerOutcome.Failed($"{upstream} cannot be asked: {system.Failure.Reason}");
            }

            if (await RefuseAsync(system.Value, cancellation) is { } refusal)
            {
                return new ServerOutcome.Failed(refusal);
            }

            var slot = SlotName.For(context.Self);
            // Its own receiver would hold the slot that the copy needs.
            context.Dynamic.DetachIfPresent();
            await lifecycle.StopAsync(ShutdownMode.Fast, StopDeadline);
            var created = await remote.QueryAsync(
                c => ReplicationSlots.CreateMissingAsync(c, slot), context.Options.QueryDeadline, cancellation);
            if (!created.IsSuccess)
            {
                return new ServerOutcome.Failed($"{upstream} has no slot for this node: {created.Failure.Reason}");
            }

            DataDirectory.RemoveTree(context.Paths.DataCopy);
            if (await CopyAsync(upstream, slot, progress, deadline, cancellation) is { } failure)
            {
                DataDirectory.RemoveTree(context.Paths.DataCopy);
                return new ServerOutcome.Failed(failure);
            }

            var (control, problem) = await context.Directory.ReadControlAsync(context.Paths.DataCopy, cancellation);
            if (control?.System != system.Value)
            {
                DataDirectory.RemoveTree(context.Paths.DataCopy);
                return new ServerOutcome.Failed($"the copy is not usable: {problem ?? "another identifier"}");
            }

            WriteFiles();
            context.Directory.SwapIn();
            return ServerOutcome.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ServerOutcome.Failed(e.Message);
        }
    }

    // Data of another instance is never replaced, and neither is what cannot be told.
    private async Task<string?> RefuseAsync(SystemIdentifier upstream, CancellationToken cancellation) =>
        await context.Directory.InspectAsync(cancellation) switch
        {
            DataDirectoryState.Absent => null,
            DataDirectoryState.Present { Control.System: var system } when system == upstream => null,
            DataDirectoryState.Unusable { Control.System: var system } when system == upstream => null,
            DataDirectoryState.Present { Control.System: var system } =>
                $"{context.Paths.Data} belongs to another instance ({system}), it is left as it is",
            DataDirectoryState.Unusable { Control: null, Reason: var reason } =>
                $"it cannot be told whose data {context.Paths.Data} is ({reason}); move it away to have it copied anew",
            _ => $"{context.Paths.Data} belongs to another instance, it is left as it is",
        };

    private async Task<string?> CopyAsync(
        Upstream upstream, SlotName slot, IProgress<CopyProgress>? progress, TimeSpan deadline,
        CancellationToken cancellation)
    {
        using var passfile = new ToolPassfile(context.Paths, context.User, context.Secrets.ReplicationPassword);
        var result = await ProgramRun.ExecuteAsync(
            new ProgramRun.Request(
                context.Installation.Program("pg_basebackup"),
                [
                    "--pgdata", context.Paths.DataCopy, "--host", upstream.Host,
                    "--port", upstream.Port.ToString(CultureInfo.InvariantCulture),
                    "--username", ServerSecrets.ReplicationName, "--no-password", "--wal-method=stream",
                    "--checkpoint=fast", "--slot", slot.Value, "--progress",
                ],
                deadline)
            {
                User = context.User,
                Environment = passfile.Environment,
                OnErrorLine = line => Report(line, progress),
            },
            context.Time, cancellation);
        return result.IsSuccess ? null : $"pg_basebackup: {result.FirstLine}";
    }

    private void WriteFiles()
    {
        var copy = context.Paths.DataCopy;
        DurableFile.Replace(Path.Combine(copy, "standby.signal"), "", context.User);
        context.Configuration.WriteStatic(copy);
        context.Configuration.StripAlterSystem(copy);
        DurableFile.Replace(
            Path.Combine(copy, ServerConfiguration.DynamicFileName), DynamicSettings.Empty.Render(), context.User);
    }

    private static void Report(string line, IProgress<CopyProgress>? progress)
    {
        var match = ProgressPattern().Match(line);
        if (progress is not null && match.Success
            && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var done)
            && long.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var total))
        {
            progress.Report(new CopyProgress(done * 1024, total * 1024));
        }
    }

    [GeneratedRegex(@"(\d+)/(\d+) kB", RegexOptions.CultureInvariant)]
    private static partial Regex ProgressPattern();
}
