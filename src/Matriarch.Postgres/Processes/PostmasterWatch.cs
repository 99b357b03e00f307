namespace Matriarch.Postgres;

/// <summary>
/// Notices the end of a postmaster at once, whether it is our child or was adopted, through a pidfd: unlike a process
/// id, it can never come to mean another process.
/// </summary>
internal sealed class PostmasterWatch : IDisposable
{
    // How often the watching thread looks whether it is still wanted.
    private const int RecheckMilliseconds = 500;

    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDisposed;

    private PostmasterWatch(int pid, int descriptor)
    {
        Pid = pid;
        var thread = new Thread(() => Watch(descriptor)) { IsBackground = true, Name = $"postmaster {pid}" };
        thread.Start();
    }

    public int Pid { get; }

    /// <summary>Completes when the process has ended; a zombie has ended.</summary>
    public Task Exited => _exited.Task;

    /// <summary>Watches the process; null when it is gone already.</summary>
    public static PostmasterWatch? TryOpen(int pid, PostmasterProcess processes)
    {
        var descriptor = Posix.OpenPidfd(pid);
        if (descriptor < 0)
        {
            return null;
        }

        // Only now is the id pinned: what was seen of it before may have been another process.
        if (!processes.IsPostmaster(pid) || Posix.WaitReadable(descriptor, 0))
        {
            Posix.Close(descriptor);
            return null;
        }

        return new PostmasterWatch(pid, descriptor);
    }

    private void Watch(int descriptor)
    {
        try
        {
            while (!_isDisposed)
            {
                if (Posix.WaitReadable(descriptor, RecheckMilliseconds))
                {
                    _exited.TrySetResult();
                    return;
                }
            }
        }
        finally
        {
            Posix.Close(descriptor);
        }
    }

    public void Dispose() => _isDisposed = true;
}
