using System.Diagnostics;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>
/// Starts the processes of a local cluster so that they outlive the command: in their own session, away from its
/// terminal, with their output in a log file. Arguments name files only; secrets are in neither arguments nor
/// environment.
/// </summary>
internal sealed class ProcessLauncher(OwnProgram program)
{
    // The shell puts the log in place and becomes setsid, which becomes the program: one process id from beginning to
    // end.
    private const string Script = "exec setsid \"$@\" </dev/null >>\"$0\" 2>&1";

    /// <summary>
    /// Variables that are for commands, or could carry a secret, and that no process of the cluster needs.
    /// </summary>
    private static readonly string[] Withheld =
        [ClusterPaths.DirectoryVariable, "PGPASSWORD", "PGPASSFILE", "PGSERVICE", "PGSERVICEFILE"];

    /// <summary>Starts one node's agent and remembers it.</summary>
    public ProcessIdentity StartAgent(LocalCluster cluster, LocalNode node) => Start(
        cluster.Paths, node.ProcessName, ["agent", "run", "--config", cluster.Paths.AgentConfig(node.Name)]);

    /// <summary>Starts the gateway and remembers it.</summary>
    public ProcessIdentity StartGateway(LocalCluster cluster) => Start(
        cluster.Paths, LocalGateway.ProcessName, ["gateway", "run", "--config", cluster.Paths.GatewayConfig]);

    private ProcessIdentity Start(ClusterPaths paths, string name, string[] arguments)
    {
        var info = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/", UseShellExecute = false };
        string[] all = ["-c", Script, paths.Log(name), program.Path, .. program.LeadingArguments, .. arguments];
        foreach (var argument in all)
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var variable in Withheld)
        {
            info.Environment.Remove(variable);
        }

        using var process = Process.Start(info);
        var identity = process is null ? null : ProcessIdentity.Of(process.Id);
        if (identity is null)
        {
            throw new UserException($"{name} ended as soon as it was started", $"read {paths.Log(name)}");
        }

        PidFile.Write(paths.PidFile(name), identity);
        return identity;
    }
}
