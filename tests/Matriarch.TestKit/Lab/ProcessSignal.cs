using System.Runtime.InteropServices;

namespace Matriarch.TestKit;

/// <summary>Signals to single processes, by their id.</summary>
internal static partial class ProcessSignal
{
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private const int SigStop = 19;
    private const int NoSuchProcess = 3;

    /// <summary>SIGKILL; a process that is gone already, often because its parent was killed, is no error.</summary>
    public static void Kill(int process) => Send(process, SigKill);

    /// <summary>SIGSTOP.</summary>
    public static void Stop(int process) => Send(process, SigStop);

    /// <summary>SIGCONT.</summary>
    public static void Continue(int process) => Send(process, SigContinue);

    private static void Send(int process, int signal)
    {
        if (process <= 1)
        {
            throw new InvalidOperationException($"a signal goes to one process of the lab, not to {process}");
        }

        if (SendSignal(process, signal) != 0 && Marshal.GetLastPInvokeError() is var error && error != NoSuchProcess)
        {
            throw new InvalidOperationException($"process {process} cannot be sent signal {signal}: error {error}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
