using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// Runs postgres.init-command on the data directory that is being made: with a server on it, on the loopback address
/// only and before the directory has its name, so that nobody else can have connected and a failure leaves nothing.
/// </summary>
/// <remarks>
/// The command gets its connection as libpq expects it: PGHOST, PGPORT, PGUSER (a superuser), PGDATABASE and
/// PGPASSFILE, a file that is gone when it has ended. It has no arguments.
/// </remarks>
internal sealed class InitHook(ServerContext context)
{
    private const string Host = "127.0.0.1";
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan KillDeadline = TimeSpan.FromSeconds(10);

    private string Data => context.Paths.DataInit;

    /// <exception cref="UserException">The server or the command failed.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var command = context.Options.InitCommand;
        if (command.Length == 0)
        {
            return;
        }

        var started = await PgCtlAsync(
            [
                "start", "-w", "-D", Data, "-l", context.Paths.Log, "-t",
                ((int)context.Options.StartDeadline.TotalSeconds).ToString(CultureInfo.InvariantCulture),
                "-o", $"-c listen_addresses={Host}",
            ],
            context.Options.StartDeadline + TimeSpan.FromSeconds(5), cancellation);
        if (!started.IsSuccess)
        {
            throw Failed($"PostgreSQL does not start for it: {started.FirstLine}");
        }

        var result = await CallAsync(command, cancellation);
        if (!result.IsSuccess)
        {
            throw Failed(
                result.IsTimedOut
                    ? "it did not end in time"
                    : $"exit code {result.ExitCode.ToString(CultureInfo.InvariantCulture)}: {result.FirstLine}");
        }

        var stopped = await PgCtlAsync(["stop", "-w", "-m", "fast", "-D", Data], StopDeadline, cancellation);
        if (!stopped.IsSuccess)
        {
            throw Failed($"PostgreSQL does not stop after it: {stopped.FirstLine}");
        }
    }

    /// <summary>Ends a server that still runs on the unfinished directory: after a failure or a killed agent.</summary>
    public Task EndLeftoverAsync() => EndLeftoverAsync(Data, context.Time);

    /// <summary>The same, wherever the directory is.</summary>
    public static async Task EndLeftoverAsync(string data, TimeProvider time)
    {
        if (!Directory.Exists(data))
        {
            return;
        }

        var processes = new PostmasterProcess(data);
        var until = new Deadline(time, KillDeadline);
        var isClear = await until.UntilAsync(
            () =>
            {
                var left = processes.FindAll();
                foreach (var pid in left)
                {
                    Posix.Kill(pid, Posix.SigKill);
                }

                return left.Count == 0;
            },
            5, CancellationToken.None);
        Invariant.Holds(isClear, "a killed process ends");
    }

    private async Task<ProgramRun.Result> CallAsync(string command, CancellationToken cancellation)
    {
        using var passfile = new ToolPassfile(context.Paths, context.User, context.Secrets.SuperuserPassword);
        var environment = new Dictionary<string, string>(passfile.Environment, StringComparer.Ordinal)
        {
            ["PGHOST"] = Host,
            ["PGPORT"] = context.Options.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = ServerSecrets.SuperuserName,
            ["PGDATABASE"] = "postgres",
        };
        return await ProgramRun.ExecuteAsync(
            new ProgramRun.Request(command, [], context.Options.InitCommandDeadline)
            {
                User = context.User,
                Environment = environment,
            },
            context.Time, cancellation);
    }

    private Task<ProgramRun.Result> PgCtlAsync(
        string[] arguments, TimeSpan deadline, CancellationToken cancellation) => ProgramRun.ExecuteAsync(
        new ProgramRun.Request(context.Installation.Program("pg_ctl"), arguments, deadline) { User = context.User },
        context.Time, cancellation);

    private UserException Failed(string reason) => new(
        $"postgres.init-command {context.Options.InitCommand} failed, so the instance is not made: {reason}",
        "Nothing is left of it. Put the cause right; it is tried again from the beginning.");
}
