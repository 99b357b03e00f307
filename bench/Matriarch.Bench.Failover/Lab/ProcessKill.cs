using System.ComponentModel;
using System.Diagnostics;

namespace Matriarch.Bench.Failover;

/// <summary>SIGKILL to single processes, by their id.</summary>
internal static class ProcessKill
{
    /// <summary>Sends it; a process that is gone already is no error.</summary>
    public static void Send(int process)
    {
        try
        {
            using var victim = Process.GetProcessById(process);
            victim.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself, often because its parent was killed before it.
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"process {process} cannot be killed: {e.Message}", e);
        }
    }
}
