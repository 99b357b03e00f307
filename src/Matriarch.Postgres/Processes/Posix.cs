using System.Runtime.InteropServices;

namespace Matriarch.Postgres;

/// <summary>The few system calls that the framework does not offer. Linux only.</summary>
internal static partial class Posix
{
    public const int SigHup = 1;
    public const int SigInt = 2;
    public const int SigQuit = 3;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private const int Interrupted = 4;
    private const int NoSuchProcess = 3;
    private const short PollIn = 1;

    // The same number on every architecture: it was added after the tables were unified (Linux 5.3).
    private const long PidfdOpenNumber = 434;

    public static uint EffectiveUserId() => geteuid();

    public static uint EffectiveGroupId() => getegid();

    /// <summary>Sends a signal; false when there is no such process.</summary>
    /// <exception cref="IOException">It is there but may not be signalled.</exception>
    public static bool Kill(int pid, int signal)
    {
        Core.Invariant.Holds(pid > 1, "a signal goes to one process of ours, never to a group or to init");
        if (kill(pid, signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess
            ? false
            : throw new IOException($"signal {signal} to process {pid}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    public static void ChangeOwner(string path, uint uid, uint gid)
    {
        if (lchown(path, uid, gid) != 0)
        {
            throw new IOException($"changing the owner of {path}: {LastError()}");
        }
    }

    /// <summary>Makes the entries of a directory durable.</summary>
    public static void SyncDirectory(string path)
    {
        const int ReadOnly = 0; // enough to sync a directory
        var descriptor = open(path, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"opening {path}: {LastError()}");
        }

        try
        {
            if (fsync(descriptor) != 0)
            {
                throw new IOException($"fsync of {path}: {LastError()}");
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>A descriptor that becomes readable when the process ends, zombie or not; negative when there is
    /// none.</summary>
    public static int OpenPidfd(int pid) => (int)syscall(PidfdOpenNumber, pid, 0);

    /// <summary>Whether the descriptor became readable within the time.</summary>
    /// <param name="milliseconds">Longest wait; 0 only looks.</param>
    public static unsafe bool WaitReadable(int descriptor, int milliseconds)
    {
        var entry = new PollEntry { Descriptor = descriptor, Events = PollIn };
        var ready = poll(&entry, 1, milliseconds);
        return ready > 0 || (ready < 0 && Marshal.GetLastPInvokeError() != Interrupted);
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial uint getegid();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, uint uid, uint gid);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, long first, long second);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int poll(PollEntry* entries, ulong count, int milliseconds);
}
