using System.Runtime.InteropServices;

namespace Matriarch.Agent;

/// <summary>
/// A thread that the scheduler prefers, where the process may ask for that (root, or CAP_SYS_NICE): a machine busy with
/// queries must not look like a silent leader. Without the right it is an ordinary thread.
/// </summary>
internal static partial class UrgentThread
{
    private const int OfProcess = 0; // PRIO_PROCESS; on Linux 0 names the calling thread alone
    private const int Niceness = -15;

    // Threads and processes that this thread happens to create (the pool's, PostgreSQL) begin with ordinary niceness.
    private const int OrdinaryButResetOnFork = 0x40000000;

    /// <summary>Starts it; it does not keep the process alive.</summary>
    public static void Start(string name, Action run) =>
        new Thread(() =>
        {
            var noPriority = 0;
            if (SetScheduler(0, OrdinaryButResetOnFork, ref noPriority) == 0)
            {
                _ = SetPriority(OfProcess, 0, Niceness);
            }

            run();
        })
        {
            IsBackground = true,
            Name = name,
        }.Start();

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, ref int parameter);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
