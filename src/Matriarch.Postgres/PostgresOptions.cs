using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>Settings of the PostgreSQL server that an agent owns.</summary>
[OptionsSection("postgres")]
public sealed class PostgresOptions : IValidatedOptions
{
    [Setting("Directory with initdb, postgres and the other programs; empty: the newest one that is installed.")]
    public string BinDirectory { get; set; } = "";

    [Setting("Address on which PostgreSQL listens and by which other nodes reach it.")]
    public string Host { get; set; } = "127.0.0.1";

    [Setting("Port on which PostgreSQL listens, 1 to 65535; 0 only where the agent is told to choose one.")]
    public int Port { get; set; }

    [Setting("Operating system user that runs PostgreSQL when the agent runs as root.")]
    public string OsUser { get; set; } = "postgres";

    [Setting("Further PostgreSQL parameters, name to value; those that Matriarch sets itself are refused.")]
    public Dictionary<string, string> Parameters { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    [Setting("WAL that a disconnected follower may hold back, in MB, 64 to 16777216; beyond that it is copied again.")]
    public int MaxSlotWalKeepMegabytes { get; set; } = 4096;

    [Setting("failover: logical replication slots survive a change of the primary; ignore: they are left alone.")]
    public LogicalSlotMode LogicalSlots { get; set; } = LogicalSlotMode.Failover;

    [Setting("Logical slots that are left alone all the same, by name; * stands for any characters.")]
    public IReadOnlyList<string> IgnoredLogicalSlots { get; set; } = ["pg_*_sync_*"];

    [Setting("true: queries on replicas hold back vacuum on the primary, instead of being cancelled by it.")]
    public bool HotStandbyFeedback { get; set; }

    [Setting("Newest events that the table matriarch.event keeps, 100 to 1000000.")]
    public int EventRows { get; set; } = 10_000;

    [Setting("Absolute path of a program that is run once, by the node that makes the instance, before all clients.")]
    public string InitCommand { get; set; } = "";

    [Setting("How long postgres.init-command may take, 1s to 1h; after that the instance is not made.")]
    public TimeSpan InitCommandDeadline { get; set; } = TimeSpan.FromMinutes(5);

    [Setting("Deadline of a start, until connections are accepted.")]
    public TimeSpan StartDeadline { get; set; } = TimeSpan.FromSeconds(60);

    [Setting("Deadline of one query of the agent to its server, 100ms to 1m.")]
    public TimeSpan QueryDeadline { get; set; } = TimeSpan.FromSeconds(2);

    [Setting("How long an immediate shutdown may take before every process of the server is killed.")]
    public TimeSpan ImmediateStopDeadline { get; set; } = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (Port is < 0 or > 65535)
        {
            yield return "postgres.port: must be from 1 to 65535";
        }

        if (Host.Length == 0 || Host.AsSpan().IndexOfAny(" '\\,") >= 0)
        {
            yield return "postgres.host: must be one address or host name";
        }

        if (OsUser is "" or "root")
        {
            yield return "postgres.os-user: must name an unprivileged user, PostgreSQL refuses to run as root";
        }

        if (MaxSlotWalKeepMegabytes is < 64 or > 16_777_216)
        {
            yield return "postgres.max-slot-wal-keep-megabytes: must be from 64 to 16777216";
        }

        if (EventRows is < 100 or > 1_000_000)
        {
            yield return "postgres.event-rows: must be from 100 to 1000000";
        }

        if (StartDeadline <= TimeSpan.Zero)
        {
            yield return "postgres.start-deadline: must be positive";
        }

        if (QueryDeadline < TimeSpan.FromMilliseconds(100) || QueryDeadline > TimeSpan.FromMinutes(1))
        {
            yield return "postgres.query-deadline: must be from 100ms to 1m";
        }

        if (ImmediateStopDeadline <= TimeSpan.Zero)
        {
            yield return "postgres.immediate-stop-deadline: must be positive";
        }

        foreach (var message in ValidateParameters().Concat(ValidateInitCommand()).Concat(ValidateSlots()))
        {
            yield return message;
        }
    }

    private IEnumerable<string> ValidateInitCommand()
    {
        if (InitCommand.Length > 0 && !Path.IsPathFullyQualified(InitCommand))
        {
            yield return "postgres.init-command: must be the absolute path of a program, without arguments";
        }
        else if (InitCommand.Length > 0 && !IsExecutable(InitCommand))
        {
            yield return $"postgres.init-command: {InitCommand} is not there, or is not executable (chmod 755)";
        }

        if (InitCommandDeadline < TimeSpan.FromSeconds(1) || InitCommandDeadline > TimeSpan.FromHours(1))
        {
            yield return "postgres.init-command-deadline: must be from 1s to 1h";
        }
    }

    private IEnumerable<string> ValidateSlots()
    {
        foreach (var name in IgnoredLogicalSlots)
        {
            if (name.Length is 0 or > 63
                || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('_' or '*')))
            {
                yield return $"postgres.ignored-logical-slots: \"{name}\" must be the name of a slot, "
                    + "up to 63 of a-z, 0-9 and _, or such a name with *";
            }
        }
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode AnyExecute =
            UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            return File.Exists(path) && (File.GetUnixFileMode(path) & AnyExecute) != UnixFileMode.None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private IEnumerable<string> ValidateParameters()
    {
        foreach (var (name, value) in Parameters)
        {
            if (!OwnedParameters.IsName(name))
            {
                yield return $"postgres.parameters: \"{name}\" is not the name of a PostgreSQL parameter";
            }
            else if (OwnedParameters.Contains(name))
            {
                yield return $"postgres.parameters: {name} is set by Matriarch itself; {OwnedParameters.Instead(name)}";
            }
            else if (value.AsSpan().IndexOfAny('\n', '\r', '\0') >= 0)
            {
                yield return $"postgres.parameters: the value of {name} must be one line";
            }
            else if (name.Equals("max_connections", StringComparison.OrdinalIgnoreCase)
                && (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var connections)
                    || connections < 20))
            {
                yield return "postgres.parameters: max_connections must be at least 20, of which the agent keeps 8";
            }
        }
    }
}
