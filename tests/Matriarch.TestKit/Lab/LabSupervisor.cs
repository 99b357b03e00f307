using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Matriarch.Core;

namespace Matriarch.TestKit;

/// <summary>
/// Makes a lab, runs a program in it, and removes the lab with all its processes and files, whatever happens:
/// also on an interrupt, and when the program itself is killed. What a killed supervisor left behind, the next one
/// removes.
/// </summary>
internal static class LabSupervisor
{
    /// <summary>Runs the program again, inside, on the host of the clients.</summary>
    /// <param name="prefix">Of the names of this program's labs; ends with a hyphen.</param>
    /// <param name="parent">The directory that will have the lab's directory.</param>
    /// <param name="inner">The arguments of the call inside, for a lab and a directory.</param>
    /// <param name="time">For the pauses of clearing up.</param>
    /// <returns>The exit status of that run; 130 after an interrupt.</returns>
    /// <exception cref="UserException">This user or this machine cannot make a lab.</exception>
    public static async Task<int> RunAsync(
        string prefix, string parent, Func<LabNetwork, string, string[]> inner, TimeProvider time)
    {
        if (Environment.UserName != "root")
        {
            throw new UserException("network namespaces need root", "run it as root, for example with sudo");
        }

        await RemoveStaleAsync(prefix, parent, time);
        var name = prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var network = new LabNetwork(name);
        var directory = Path.Combine(parent, name);
        using var interrupted = new CancellationTokenSource();
        using var interrupt = Catch(PosixSignal.SIGINT, interrupted);
        using var terminate = Catch(PosixSignal.SIGTERM, interrupted);
        using var hangUp = Catch(PosixSignal.SIGHUP, interrupted);
        try
        {
            LabPlace.MakeDirectory(directory);
            await CreateAsync(network);
            return await RunInsideAsync(network, inner(network, directory), interrupted.Token);
        }
        finally
        {
            await network.DestroyAsync(time);
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static async Task CreateAsync(LabNetwork network)
    {
        try
        {
            await network.CreateAsync();
        }
        catch (InvalidOperationException e)
        {
            throw new UserException(
                $"the network namespaces cannot be made: {e.Message}",
                "use a machine, or a container with CAP_SYS_ADMIN and CAP_NET_ADMIN, that allows them");
        }
    }

    private static async Task<int> RunInsideAsync(
        LabNetwork network, string[] arguments, CancellationToken interrupted)
    {
        string[] all =
            ["netns", "exec", network.Namespace(LabNetwork.Client), Environment.ProcessPath!, .. arguments];
        using var process = Process.Start(new ProcessStartInfo("ip", all) { UseShellExecute = false })
            ?? throw new InvalidOperationException("ip did not start");
        try
        {
            await process.WaitForExitAsync(interrupted);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            return 130;
        }
    }

    private static PosixSignalRegistration Catch(PosixSignal signal, CancellationTokenSource source) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            source.Cancel();
        });

    /// <summary>The id of the process is in the name: a lab whose supervisor runs no more is nobody's.</summary>
    private static async Task RemoveStaleAsync(string prefix, string parent, TimeProvider time)
    {
        var labs = (await LabNetwork.NamespacesAsync())
            .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
            .Select(n => n[..n.LastIndexOf('-')])
            .Concat(Directory.Exists(parent)
                ? Directory.GetDirectories(parent, prefix + "*").Select(d => Path.GetFileName(d))
                : [])
            .Distinct(StringComparer.Ordinal);
        foreach (var lab in labs.Where(l => !Directory.Exists($"/proc/{l[prefix.Length..]}")))
        {
            await new LabNetwork(lab).DestroyAsync(time);
            var directory = Path.Combine(parent, lab);
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }
}
