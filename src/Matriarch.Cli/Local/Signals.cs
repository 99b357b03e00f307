using System.Runtime.InteropServices;

namespace Matriarch.Cli;

/// <summary>POSIX signals, by Linux's numbers.</summary>
internal static partial class Signals
{
    /// <summary>To a postmaster: fast shutdown (PostgreSQL, "Shutting Down the Server").</summary>
    public const int Interrupt = 2;

    /// <summary>To a postmaster: immediate shutdown.</summary>
    public const int Quit = 3;

    /// <summary>At once, without a word.</summary>
    public const int Kill = 9;

    /// <summary>The polite request to end.</summary>
    public const int Terminate = 15;

    /// <summary>False when there is no such process, or it is not ours to signal.</summary>
    public static bool Send(int pid, int signal) => pid > 1 && SendTo(pid, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendTo(int pid, int signal);
}
