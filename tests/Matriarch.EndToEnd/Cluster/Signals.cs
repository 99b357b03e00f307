using System.Runtime.InteropServices;

namespace Matriarch.EndToEnd;

/// <summary>Signals to processes of a cluster that a test made.</summary>
internal static partial class Signals
{
    public const int Stop = 19;
    public const int Continue = 18;

    /// <summary>Sends it; a process that is gone already is no error.</summary>
    public static void Send(int pid, int signal)
    {
        Assert.True(pid > 1, "a signal goes to one process of the test's cluster");
        _ = Kill(pid, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
