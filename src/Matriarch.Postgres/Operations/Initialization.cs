using System.Security.Cryptography;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// Makes the first data directory of an instance, with the first rule in it, under another name, and renames it when it
/// is complete and on disk: a crash in the middle leaves nothing that could be taken for data.
/// </summary>
internal sealed class Initialization(ServerContext context)
{
    private static readonly TimeSpan ProgramDeadline = TimeSpan.FromMinutes(2);

    /// <exception cref="UserException">There is data already, or a program failed.</exception>
    public async Task<SystemIdentifier> RunAsync(Rule rule, CancellationToken cancellation)
    {
        var paths = context.Paths;
        if (await context.Directory.InspectAsync(cancellation) is not DataDirectoryState.Absent)
        {
            throw new UserException($"{paths.Data} contains data already",
                "Nothing was changed. Use another directory.");
        }

        var hook = new InitHook(context);
        await hook.EndLeftoverAsync();
        DataDirectory.RemoveTree(paths.DataInit);
        var passwordFile = paths.InitialPassword;
        try
        {
            DurableFile.Replace(passwordFile, context.Secrets.SuperuserPassword + "\n", context.User);
            await RunAsync("initdb", InitdbArguments(passwordFile), null, cancellation);
            await RunAsync(
                "postgres",
                ["--single", "-F", "-j", "-D", paths.DataInit, "-c", "exit_on_error=on", "-c", "wal_level=logical",
                    "postgres"],
                Statements(rule), cancellation);
            context.Configuration.WriteStatic(paths.DataInit);
            DurableFile.Replace(
                Path.Combine(paths.DataInit, ServerConfiguration.DynamicFileName), DynamicSettings.Empty.Render(),
                    context.User);
            await hook.RunAsync(cancellation);
            await RunAsync("initdb", ["--sync-only", "-D", paths.DataInit], null, cancellation);

            var (control, problem) = await context.Directory.ReadControlAsync(paths.DataInit, cancellation);
            if (control is null)
            {
                throw new UserException($"initdb made something unusable: {problem}");
            }

            if (Directory.Exists(paths.Data))
            {
                Directory.Delete(paths.Data); // Absent above means: not there, or empty.
            }

            DurableFile.MoveDirectory(paths.DataInit, paths.Data);
            return control.System;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"The first data directory cannot be made: {e.Message}",
                    "Make room, or repair the permissions, and try again.",
                cause: e);
        }
        finally
        {
            File.Delete(passwordFile);
            await hook.EndLeftoverAsync();
            DataDirectory.RemoveTree(paths.DataInit);
        }
    }

    private string[] InitdbArguments(string passwordFile)
    {
        // The provider that PostgreSQL brings itself sorts the same on every machine, so an index never depends on a
        // libc.
        string[] locale = context.Installation.MajorVersion >= 17
            ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            : ["--locale=C.UTF-8"];
        return
        [
            "-D", context.Paths.DataInit, "--username", ServerSecrets.SuperuserName, "--pwfile", passwordFile,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--data-checksums", "--no-sync", .. locale,
        ];
    }

    private string Statements(Rule rule) =>
        $"""
        CREATE ROLE {ServerSecrets.ReplicationName} REPLICATION LOGIN PASSWORD '{ScramVerifier.Create(
            context.Secrets.ReplicationPassword, RandomNumberGenerator.GetBytes(16))}';


        """
        + RuleTable.Definition + RuleTable.InsertText(rule);

    private async Task RunAsync(string program, string[] arguments, string? input, CancellationToken cancellation)
    {
        var result = await ProgramRun.ExecuteAsync(
            new ProgramRun.Request(context.Installation.Program(program), arguments, ProgramDeadline)
            {
                User = context.User,
                Input = input,
            },
            context.Time, cancellation);
        if (!result.IsSuccess)
        {
            throw new UserException(
                $"{program} failed: {result.FirstLine}",
                $"Nothing was left in {context.Paths.NodeDirectory}. Put the cause right and try again.");
        }
    }
}
