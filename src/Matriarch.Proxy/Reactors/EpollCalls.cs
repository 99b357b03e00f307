using System.Runtime.InteropServices;

namespace Matriarch.Proxy;

/// <summary>epoll and eventfd, as Linux has them (epoll(7), eventfd(2)).</summary>
internal static unsafe partial class EpollCalls
{
    public const uint In = 0x001;
    public const uint Out = 0x004;
    public const uint Error = 0x008;
    public const uint HangUp = 0x010;
    public const uint PeerHangUp = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int Add = 1;
    private const int Delete = 2;

    /// <summary>Bytes of an event: packed on x64 (EPOLL_PACKED in eventpoll.h), aligned elsewhere.</summary>
    public static readonly int EventBytes = IsPacked ? 12 : 16;

    private static readonly int DataOffset = IsPacked ? 4 : 8;

    private static bool IsPacked => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>A new epoll.</summary>
    /// <exception cref="IOException">No descriptor is left.</exception>
    public static int Create() => Checked(epoll_create1(CloseOnExec), "epoll_create1");

    /// <summary>A counter that wakes an epoll.</summary>
    /// <exception cref="IOException">No descriptor is left.</exception>
    public static int CreateWaker() => Checked(eventfd(0, CloseOnExec | NonBlocking), "eventfd");

    /// <summary>Watches a descriptor, and gives this word with each of its events.</summary>
    /// <exception cref="IOException">It cannot be watched.</exception>
    public static void Watch(int epoll, int descriptor, uint events, ulong word)
    {
        var buffer = stackalloc byte[16];
        *(uint*)buffer = events;
        *(ulong*)(buffer + DataOffset) = word;
        Checked(epoll_ctl(epoll, Add, descriptor, buffer), "epoll_ctl");
    }

    /// <summary>Watches it no more; closing it would do the same if nobody else had it open.</summary>
    public static void Unwatch(int epoll, int descriptor)
    {
        var buffer = stackalloc byte[16];
        _ = epoll_ctl(epoll, Delete, descriptor, buffer);
    }

    /// <summary>Waits for events; fewer milliseconds than 0 wait without end. Interrupted waits give 0.</summary>
    /// <param name="epoll">Whose.</param>
    /// <param name="events">Room for <paramref name="most"/> of <see cref="EventBytes"/>.</param>
    /// <param name="most">At least 1.</param>
    /// <param name="milliseconds">At most.</param>
    public static int Wait(int epoll, byte* events, int most, int milliseconds)
    {
        var count = epoll_wait(epoll, events, most, milliseconds);
        return count >= 0 || Marshal.GetLastPInvokeError() == SocketCalls.Interrupted
            ? Math.Max(count, 0)
            : Checked(count, "epoll_wait");
    }

    /// <summary>An event that <see cref="Wait"/> gave.</summary>
    public static (uint Events, ulong Word) Read(byte* events, int index)
    {
        var at = events + (index * EventBytes);
        return (*(uint*)at, *(ulong*)(at + DataOffset));
    }

    /// <summary>Wakes the epoll that watches it. A full counter has woken it already.</summary>
    public static void Wake(int waker)
    {
        ulong one = 1;
        _ = write(waker, &one, sizeof(ulong));
    }

    /// <summary>Takes back what was woken.</summary>
    public static void Drain(int waker)
    {
        ulong count;
        _ = read(waker, &count, sizeof(ulong));
    }

    private static int Checked(int result, string call) => result >= 0 ? result : throw SocketCalls.Failed(call);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* @event);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, void* data, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, void* data, nint length);
}
