using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Matriarch.Core;

namespace Matriarch.Bench.Failover;

/// <summary>
/// Makes a lab, runs the measurement in it, and removes the lab with all its processes and files, whatever happens:
/// also on an interrupt, and when the measurement itself is killed. What a killed supervisor left behind, the next one
/// removes.
/// </summary>
internal static class Supervisor
{
    private const string Prefix = "matriarch-bench-";

    /// <summary>Runs the measurement.</summary>
    /// <param name="options">Of the call.</param>
    /// <param name="inner">The arguments of the call inside, for a lab and a directory.</param>
    /// <param name="time">For the pauses of clearing up.</param>
    /// <returns>The exit status of the measurement; 130 after an interrupt.</returns>
    /// <exception cref="UserException">This user or this machine cannot make a lab.</exception>
    public static async Task<int> RunAsync(
        BenchOptions options, Func<LabNetwork, string, string[]> inner, TimeProvider time)
    {
        if (Environment.UserName != "root")
        {
            throw new UserException("network namespaces need root", "run it as root, for example with sudo");
        }

        await RemoveStaleAsync(options.Directory, time);
        var name = Prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var network = new LabNetwork(name);
        var directory = Path.Combine(options.Directory, name);
        using var interrupted = new CancellationTokenSource();
        using var interrupt = Catch(PosixSignal.SIGINT, interrupted);
        using var terminate = Catch(PosixSignal.SIGTERM, interrupted);
        using var hangUp = Catch(PosixSignal.SIGHUP, interrupted);
        try
        {
            SystemPlace.MakeDirectory(directory);
            await CreateAsync(network);
            return await MeasureAsync(network, inner(network, directory), interrupted.Token);
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

    private static async Task<int> MeasureAsync(
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
    private static async Task RemoveStaleAsync(string parent, TimeProvider time)
    {
        var labs = (await LabNetwork.NamespacesAsync())
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(n => n[..n.LastIndexOf('-')])
            .Concat(Directory.Exists(parent)
                ? Directory.GetDirectories(parent, Prefix + "*").Select(d => Path.GetFileName(d))
                : [])
            .Distinct(StringComparer.Ordinal);
        foreach (var lab in labs.Where(l => !Directory.Exists($"/proc/{l[Prefix.Length..]}")))
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
