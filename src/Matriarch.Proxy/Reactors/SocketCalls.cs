using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Matriarch.Proxy;

/// <summary>
/// Stream sockets as bare descriptors, never blocking (socket(7), tcp(7)). The framework's sockets cost twice the
/// processor time of these for each query that is relayed, and several hundred bytes for each client that is idle.
/// </summary>
internal static unsafe partial class SocketCalls
{
    /// <summary>Nothing now, in place of a count.</summary>
    public const int WouldBlock = -1;

    /// <summary>The connection is lost, in place of a count.</summary>
    public const int Lost = -2;

    public const int Interrupted = 4; // EINTR

    private const int Again = 11; // EAGAIN, EWOULDBLOCK
    private const int InProgress = 115; // EINPROGRESS
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NoSignal = 0x4000;
    private const int SocketLevel = 1;
    private const int ReuseAddress = 2;
    private const int ErrorOption = 4;
    private const int KeepAlive = 9;
    private const int ReusePort = 15;
    private const int TcpLevel = 6;
    private const int NoDelay = 1;
    private const int KeepIdle = 4;
    private const int KeepInterval = 5;
    private const int KeepCount = 6;
    private const int UserTimeout = 18;
    private const int WriteSide = 1;

    /// <summary>
    /// A socket that accepts. Several may listen at the same address, and the kernel spreads clients over them.
    /// </summary>
    /// <exception cref="SocketException">The address is in use by others, or is none of this machine.</exception>
    public static int Listen(IPEndPoint address, int backlog)
    {
        var descriptor = Open(address.AddressFamily);
        Set(descriptor, SocketLevel, ReuseAddress, 1);
        Set(descriptor, SocketLevel, ReusePort, 1);
        var name = address.Serialize();
        fixed (byte* at = name.Buffer.Span)
        {
            if (bind(descriptor, at, name.Size) != 0 || listen(descriptor, backlog) != 0)
            {
                var error = Marshal.GetLastPInvokeError();
                Close(descriptor);
                throw Failure(error);
            }
        }

        return descriptor;
    }

    /// <summary>The address that a listening socket has got.</summary>
    public static IPEndPoint LocalAddress(int descriptor, AddressFamily family)
    {
        var name = new SocketAddress(family);
        var size = name.Size;
        fixed (byte* at = name.Buffer.Span)
        {
            if (getsockname(descriptor, at, &size) != 0)
            {
                throw Failed("getsockname");
            }
        }

        var any = family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        return (IPEndPoint)new IPEndPoint(any, 0).Create(name);
    }

    /// <summary>The next client; null when there is none now, or an error that passes.</summary>
    /// <param name="descriptor">Listens.</param>
    /// <param name="isExhausted">Descriptors or memory are used up: others have to end first.</param>
    public static int? Accept(int descriptor, out bool isExhausted)
    {
        isExhausted = false;
        while (true)
        {
            var client = accept4(descriptor, null, null, NonBlocking | CloseOnExec);
            if (client >= 0)
            {
                return client;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Again:
                    return null;
                case 12 or 23 or 24 or 105: // ENOMEM, ENFILE, EMFILE, ENOBUFS
                    isExhausted = true;
                    return null;
            }

            // Interrupted, or a client that was gone before it was accepted: the next one.
        }
    }

    /// <summary>Begins to connect; writable, or lost, when that is done.</summary>
    /// <exception cref="SocketException">Not even begun.</exception>
    public static int Connect(IPEndPoint address)
    {
        var descriptor = Open(address.AddressFamily);
        var name = address.Serialize();
        fixed (byte* at = name.Buffer.Span)
        {
            if (connect(descriptor, at, name.Size) != 0
                && Marshal.GetLastPInvokeError() is not InProgress and var error)
            {
                Close(descriptor);
                throw Failure(error);
            }
        }

        return descriptor;
    }

    /// <summary>The error that a socket is in, by taking it; success for none.</summary>
    public static SocketError TakeError(int descriptor)
    {
        int error, size = sizeof(int);
        return getsockopt(descriptor, SocketLevel, ErrorOption, &error, &size) != 0 ? SocketError.SocketError
            : error == 0 ? SocketError.Success : Failure(error).SocketErrorCode;
    }

    /// <summary>
    /// Small messages go out at once, and a side that has vanished is noticed within a minute, idle or not.
    /// </summary>
    public static void Prepare(int descriptor)
    {
        Set(descriptor, TcpLevel, NoDelay, 1);
        Set(descriptor, SocketLevel, KeepAlive, 1);
        Set(descriptor, TcpLevel, KeepIdle, 30);
        Set(descriptor, TcpLevel, KeepInterval, 5);
        Set(descriptor, TcpLevel, KeepCount, 5);
        Set(descriptor, TcpLevel, UserTimeout, 55_000);
    }

    /// <summary>Bytes received; 0 at the end, or <see cref="WouldBlock"/>, or <see cref="Lost"/>.</summary>
    public static int Receive(int descriptor, Span<byte> to)
    {
        fixed (byte* at = to)
        {
            while (true)
            {
                var count = recv(descriptor, at, to.Length, 0);
                if (count >= 0)
                {
                    return (int)count;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Interrupted:
                        continue;
                    case Again:
                        return WouldBlock;
                    default:
                        return Lost;
                }
            }
        }
    }

    /// <summary>Bytes that the kernel took, or <see cref="WouldBlock"/>, or <see cref="Lost"/>.</summary>
    public static int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* at = bytes)
        {
            while (true)
            {
                var count = send(descriptor, at, bytes.Length, NoSignal);
                if (count >= 0)
                {
                    return (int)count;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Interrupted:
                        continue;
                    case Again:
                        return WouldBlock;
                    default:
                        return Lost;
                }
            }
        }
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public static void EndSending(int descriptor) => _ = shutdown(descriptor, WriteSide);

    /// <summary>Closes it. Never twice: the number may be another's by then.</summary>
    public static void Close(int descriptor) => _ = close(descriptor);

    /// <summary>The failure of the last call.</summary>
    public static IOException Failed(string call) =>
        new($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    /// <summary>The framework's codes are those of Windows, whatever the system.</summary>
    private static SocketException Failure(int error) => new(
        (int)(error switch
        {
            13 => SocketError.AccessDenied, // EACCES
            98 => SocketError.AddressAlreadyInUse, // EADDRINUSE
            99 => SocketError.AddressNotAvailable, // EADDRNOTAVAIL
            101 => SocketError.NetworkUnreachable, // ENETUNREACH
            104 => SocketError.ConnectionReset, // ECONNRESET
            110 => SocketError.TimedOut, // ETIMEDOUT
            111 => SocketError.ConnectionRefused, // ECONNREFUSED
            113 => SocketError.HostUnreachable, // EHOSTUNREACH
            _ => SocketError.SocketError,
        }),
        Marshal.GetPInvokeErrorMessage(error));

    private static int Open(AddressFamily family)
    {
        const int IPv4 = 2, IPv6 = 10; // AF_INET, AF_INET6: the framework's numbers are those of Windows
        var descriptor = socket(
            family == AddressFamily.InterNetworkV6 ? IPv6 : IPv4, Stream | NonBlocking | CloseOnExec, 0);
        return descriptor >= 0 ? descriptor : throw Failure(Marshal.GetLastPInvokeError());
    }

    private static void Set(int descriptor, int level, int option, int value) =>
        _ = setsockopt(descriptor, level, option, &value, sizeof(int));

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(int descriptor, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int listen(int descriptor, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int descriptor, byte* address, int* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int descriptor, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockname(int descriptor, byte* address, int* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int descriptor, int level, int option, int* value, int* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int descriptor, int level, int option, int* value, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int descriptor, byte* to, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int descriptor, byte* from, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int descriptor, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}
