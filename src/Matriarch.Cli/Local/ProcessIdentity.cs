using System.Globalization;

namespace Matriarch.Cli;

/// <summary>
/// One particular process, not merely a number: process ids are used again, a pair of id and start time within one boot
/// is not. (Linux, proc(5): field 22 of /proc/PID/stat.)
/// </summary>
/// <param name="Pid">The process id.</param>
/// <param name="StartTicks">When it started, in clock ticks since the boot.</param>
/// <param name="Boot">The boot's random id.</param>
internal sealed record ProcessIdentity(int Pid, long StartTicks, string Boot)
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>
    /// Fields of /proc/PID/stat after the program's name: the state is the first, the start time the 20th.
    /// </summary>
    private const int StateIndex = 0;
    private const int StartIndex = 19;

    /// <summary>
    /// The process that has this id now; null when none has, or only its exit status is left (a zombie).
    /// </summary>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));

            // The name is in parentheses and may itself contain any of them, and spaces.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[StateIndex] is "Z" or "X"
                ? null
                : new ProcessIdentity(
                    pid,
                    long.Parse(fields[StartIndex], CultureInfo.InvariantCulture),
                    File.ReadAllText(BootFile).Trim());
        }
        catch (IOException)
        {
            return null; // it ended, before or while we read
        }
    }

    /// <summary>Whether this very process still runs.</summary>
    public bool IsAlive => Of(Pid) == this;

    /// <summary>Sends a signal, if this very process still runs; false when it does not.</summary>
    public bool Signal(int signal) => IsAlive && Signals.Send(Pid, signal);
}
