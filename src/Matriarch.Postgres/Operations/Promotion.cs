using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// Makes a standby the primary of exactly the timeline that the term demands (timeline = term;
/// docs/mistakes.md, 5).
/// </summary>
/// <remarks>
/// <para>PostgreSQL counts upwards from its timeline and takes the first id for which it finds no history file, asking
/// restore_command for each (findNewestTimeLine in xlog.c). So for the length of the promotion a restore_command
/// answers, with an empty file, exactly for the ids between the present timeline and the wanted one, and for nothing
/// else.</para>
/// <para>An empty history file that stays in pg_wal would be taken for an ancestry, therefore they are removed
/// afterwards, and before every start.</para>
/// </remarks>
internal sealed class Promotion(ServerContext context, Positions positions, StrayHistories strays)
{
    private static readonly HashSet<Timeline> Nothing = [];

    public async Task<PromoteOutcome> RunAsync(Timeline target, TimeSpan deadline, CancellationToken cancellation)
    {
        var until = new Deadline(context.Time, deadline);
        try
        {
            var (parent, problem) = await CheckAsync(target, until, cancellation);
            if (parent is not { } current)
            {
                return new PromoteOutcome.Failed(problem!);
            }

            var start = until.Elapsed;
            try
            {
                return await PromoteAsync(current, target, until, cancellation)
                    ?? await VerifyAsync(current, target, until.Elapsed - start, cancellation);
            }
            finally
            {
                // The successor of the present id is taken without any help.
                if (HasGap(current, target))
                {
                    context.Dynamic.Change(s => s.Detached());
                    context.Reload();
                    context.Directory.RemoveEmptyHistories();
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PromoteOutcome.Failed(e.Message);
        }
    }

    private async Task<(Timeline? Parent, string? Problem)> CheckAsync(
        Timeline target, Deadline until, CancellationToken cancellation)
    {
        var own = await positions.IdentifyAsync(until.AtMost(context.Options.QueryDeadline), cancellation);
        await context.Replication.CloseAsync();
        if (!own.IsSuccess)
        {
            return (null, $"the own position cannot be read: {own.Failure.Reason}");
        }

        var current = own.Value.Timeline;
        if (current >= target)
        {
            return (null, $"it is on timeline {current} already, timeline {target} cannot come after it");
        }

        if (context.Dynamic.Read()[DynamicSettings.PrimaryConnInfo].Length > 0)
        {
            return (null, "it still follows an upstream; detach it first");
        }

        var stray = strays.Find(current, Nothing);
        if (stray.Contains(target))
        {
            return (null, $"timeline {target} has a history already: somebody was promoted to it before");
        }

        if (!stray.IsEmpty)
        {
            Log.RemovesStrayHistories(context.Logger, context.Self, string.Join(' ', stray));
            if (await strays.RemoveAsync(stray, until.AtMost(TimeSpan.MaxValue), cancellation)
                is ServerOutcome.Failed failed)
            {
                return (null, failed.Reason);
            }
        }

        return (current, null);
    }

    private async Task<PromoteOutcome?> PromoteAsync(
        Timeline current, Timeline target, Deadline until, CancellationToken cancellation)
    {
        context.Directory.RemoveEmptyHistories();
        // The rule row of the term comes right after: its connection is made while the promotion waits for the disk.
        context.Spare.Prepare();
        if (HasGap(current, target))
        {
            var command = RestoreCommand(current, target);
            context.Dynamic.Change(s => s.With(DynamicSettings.RestoreCommand, command));
            context.Reload();
            // Once a backend has it the postmaster has passed the signal on, and so has the startup process got it: it
            // reads its configuration before it looks for a promotion.
            if (!await SettingsInEffect.WaitAsync(
                    context, DynamicSettings.RestoreCommand, command, until, cancellation))
            {
                return new PromoteOutcome.Failed("the setting for the promotion did not take effect in time");
            }
        }

        var asked = await context.QueryAsync(c => c.ScalarAsync<bool>("SELECT pg_promote(false)"), cancellation);
        if (!asked.IsSuccess || !asked.Value)
        {
            return new PromoteOutcome.Failed($"pg_promote failed: {asked.Failure?.Reason ?? "it returned false"}");
        }

        string? reason = null;
        while (!until.IsOver && context.Watch is { Exited.IsCompleted: false })
        {
            var recovering = await context.QueryAsync(
                c => c.ScalarAsync<bool?>("SELECT pg_is_in_recovery()"), cancellation);
            if (recovering is { IsSuccess: true, Value: false })
            {
                return null;
            }

            reason = recovering.Failure?.Reason;
            await until.PauseAsync(5, cancellation);
        }

        return new PromoteOutcome.Failed(context.Watch is { Exited.IsCompleted: false }
            ? $"it did not leave recovery in time{(reason is null ? "" : $": {reason}")}"
            : "the server ended during the promotion");
    }

    private static bool HasGap(Timeline current, Timeline target) => target.Value > current.Value + 1;

    private async Task<PromoteOutcome> VerifyAsync(
        Timeline parent, Timeline target, TimeSpan elapsed, CancellationToken cancellation)
    {
        var name = await context.QueryAsync(
            c => c.ScalarAsync<string>("SELECT pg_walfile_name(pg_current_wal_insert_lsn())"), cancellation);
        if (!name.IsSuccess || name.Value is not { Length: >= 8 } file
            || !uint.TryParse(file.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var id))
        {
            return new PromoteOutcome.Failed($"its timeline cannot be read: {name.Failure?.Reason ?? name.Value}");
        }

        if (id != target.Value)
        {
            return new PromoteOutcome.WrongTimeline(new Timeline(id));
        }

        try
        {
            var history = context.Directory.ReadHistory(target);
            return history is { Ancestors: [.., var last] } && last.Timeline == parent
                ? new PromoteOutcome.Promoted(elapsed)
                : new PromoteOutcome.Failed($"timeline {target} did not begin on timeline {parent}");
        }
        catch (FormatException e)
        {
            return new PromoteOutcome.Failed(e.Message);
        }
    }

    /// <summary>
    /// Plain sh without any file of ours. PostgreSQL replaces %f, %p and %%; ids are compared as numbers, 64 bits wide.
    /// </summary>
    private static string RestoreCommand(Timeline current, Timeline target) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        f="%f"; case "$f" in ????????.history) t=$((0x${f%%.history})); [ $t -gt {{current.Value}} ] &&
        """)
        + string.Create(
            CultureInfo.InvariantCulture, $""" [ $t -lt {target.Value} ] && : > "%p" ;; *) exit 1 ;; esac""");
}
