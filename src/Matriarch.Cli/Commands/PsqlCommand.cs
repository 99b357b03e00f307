using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>
/// <c>matriarch psql</c>: a psql session through the gateway, with host, port, user and password filled in.
/// </summary>
internal static class PsqlCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var directory = CliOptions.Directory();
        var replica = new Option<bool>("--replica") { Description = "A session on a replica (read only)." };
        var rest = new Argument<string[]>("ARGS")
        {
            Description = "For psql itself, after --.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new CliCommand("psql", "Open psql on the primary, or on a replica.")
        {
            Arguments = { rest },
            Options = { directory, replica },
            Examples =
            [
                ("psql", "a session on the primary"),
                ("psql --replica", "a session on a replica"),
                ("psql -- -c 'SELECT now()'", "one statement"),
            ],
        };
        command.SetAction((parse, cancellation) => RunAsync(
            environment,
            parse.ClusterOf(directory, environment),
            parse.GetValue(replica),
            parse.GetValue(rest) ?? [],
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CliEnvironment environment,
        LocalCluster cluster,
        bool isReplica,
        string[] arguments,
        CancellationToken cancellation)
    {
        var info = new ProcessStartInfo(FindPsql(environment, cluster)) { UseShellExecute = false };
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        // In the child's environment and nowhere else: arguments can be read by everyone on the machine.
        info.Environment["PGPASSWORD"] = cluster.ReadSecret(SecretNames.SuperuserPassword);
        info.Environment["PGHOST"] = cluster.Gateway.Host;
        info.Environment["PGPORT"] = cluster.Gateway.Port.ToString(CultureInfo.InvariantCulture);
        info.Environment["PGUSER"] = Connections.User;
        info.Environment["PGDATABASE"] = isReplica ? Connections.ReplicaDatabase : Connections.Database;
        info.Environment.Remove("PGSERVICE");
        info.Environment.Remove("PGHOSTADDR");

        // Ctrl-C is psql's: it cancels a statement there and must not end this process around it.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => c.Cancel = true);
        using var psql = Process.Start(info) ?? throw new UserException("psql does not start");
        await psql.WaitForExitAsync(cancellation);
        return psql.ExitCode;
    }

    private static string FindPsql(CliEnvironment environment, LocalCluster cluster)
    {
        var places = (environment.Variable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Append(cluster.PostgresBin);
        return places.Select(p => Path.Combine(p, "psql")).FirstOrDefault(File.Exists)
            ?? throw new UserException(
                "psql is not installed on this machine", "install it (Debian: apt-get install postgresql-client)");
    }
}
