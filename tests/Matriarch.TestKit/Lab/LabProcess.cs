using System.Diagnostics;

namespace Matriarch.TestKit;

/// <summary>Programs that run on a host of the lab, in the background.</summary>
internal static class LabProcess
{
    // The shell puts the log in place and becomes ip, which becomes the program: one process id from beginning to end.
    private const string Script = "exec \"$@\" </dev/null >>\"$0\" 2>&1";

    /// <summary>Starts it; what it says is appended to the log.</summary>
    /// <param name="network">The lab.</param>
    /// <param name="host">The host on which it runs.</param>
    /// <param name="log">A file.</param>
    /// <param name="command">The program and its arguments.</param>
    public static void Start(LabNetwork network, string host, string log, params string[] command)
    {
        string[] all =
            ["-c", Script, log, "setsid", "ip", "netns", "exec", network.Namespace(host), .. command];
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", all)
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
        });
        if (process is null)
        {
            throw new InvalidOperationException($"{command[0]} did not start");
        }
    }

    /// <summary>The same as PostgreSQL's user.</summary>
    public static void StartAsPostgres(LabNetwork network, string host, string log, params string[] command) =>
        Start(network, host, log,
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", .. command]);
}
