using System.Collections.Concurrent;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Proxy;

/// <summary>
/// One thread, one epoll, and all that happens to the connections it owns: no locks, and nothing shared but what is
/// posted to it. A round is: wait for events; call the sockets that have some; call those that asked for another turn;
/// run what was posted; call the timers that are due.
/// </summary>
/// <remarks>
/// Code that awaits on this thread goes on here: the reactor is its synchronization context. A handler that throws has
/// a bug; it is logged, its socket is closed, and all others go on.
/// </remarks>
internal sealed unsafe partial class Reactor : SynchronizationContext, IDisposable
{
    /// <summary>Bytes that one receive may bring.</summary>
    public const int BufferBytes = 64 * 1024;

    private const int EventsPerRound = 256;
    private const uint Watched =
        EpollCalls.In | EpollCalls.Out | EpollCalls.PeerHangUp | EpollCalls.EdgeTriggered;

    private const ulong WakerWord = ulong.MaxValue;

    private readonly TimeProvider _time;
    private readonly ILogger<Reactor> _logger;
    private readonly long _began;
    private readonly int _epoll;
    private readonly int _waker;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<(SendOrPostCallback Call, object? State)> _posted = new();
    private readonly SocketTable _sockets = new();
    private readonly Queue<ReactorSocket> _again = new();
    private readonly byte[] _events = GC.AllocateUninitializedArray<byte>(
        EventsPerRound * EpollCalls.EventBytes, pinned: true);

    private int _isWoken;
    private volatile bool _isStopping;
    private TimeSpan _now;

    public Reactor(string name, TimeProvider time, ILogger<Reactor> logger)
    {
        _time = time;
        _logger = logger;
        _began = time.GetTimestamp();
        _epoll = EpollCalls.Create();
        _waker = EpollCalls.CreateWaker();
        EpollCalls.Watch(_epoll, _waker, EpollCalls.In, WakerWord);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>Where bytes are received. Holds nothing once the handler that received has returned.</summary>
    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);

    /// <summary>Timers; on this thread only.</summary>
    public TimerWheel Timers { get; } = new();

    /// <summary>Since the reactor was made, as of the beginning of this round.</summary>
    public TimeSpan Now => _now;

    /// <summary>Sockets that are watched; for any thread, and only roughly.</summary>
    public int Sockets => _sockets.Count;

    /// <summary>Whether the caller is on its thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Begins.</summary>
    public void Start() => _thread.Start();

    /// <summary>Runs something on its thread, soon and in order. For any thread.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        _posted.Enqueue((d, state));
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            EpollCalls.Wake(_waker);
        }
    }

    /// <summary>Runs something on its thread, soon and in order. For any thread.</summary>
    public void Post(Action call) => Post(static c => ((Action)c!)(), call);

    /// <summary>A handler left something undone for the sake of others: its turn comes again in the next
    /// round.</summary>
    public void Again(ReactorSocket socket)
    {
        if (!socket.IsQueued)
        {
            socket.IsQueued = true;
            _again.Enqueue(socket);
        }
    }

    /// <summary>Sets a timer from now.</summary>
    public void Set(ReactorTimer timer, TimeSpan after) => Timers.Set(timer, Clock() + after);

    /// <summary>Ends the thread after its round, and waits for that. Sockets that are open are their owners'.</summary>
    public void Dispose()
    {
        _isStopping = true;
        EpollCalls.Wake(_waker);
        if (_thread.IsAlive && !IsCurrent)
        {
            _thread.Join();
        }

        SocketCalls.Close(_waker);
        SocketCalls.Close(_epoll);
    }

    internal void Watch(ReactorSocket socket, int descriptor)
    {
        Invariant.Holds(IsCurrent, "a socket is touched by the thread of its reactor only");
        var word = _sockets.Add(socket);
        try
        {
            EpollCalls.Watch(_epoll, descriptor, Watched, word);
        }
        catch (IOException)
        {
            _sockets.Remove(socket);
            throw;
        }
    }

    /// <summary>Events of it that are already here are for nobody.</summary>
    internal void Unwatch(ReactorSocket socket)
    {
        Invariant.Holds(IsCurrent, "a socket is touched by the thread of its reactor only");
        _sockets.Remove(socket); // closing the descriptor takes it off the epoll
    }

    private TimeSpan Clock() => _time.GetElapsedTime(_began);

    private void Run()
    {
        SetSynchronizationContext(this);
        fixed (byte* events = _events)
        {
            while (!_isStopping)
            {
                var count = EpollCalls.Wait(_epoll, events, EventsPerRound, Patience());
                _now = Clock();
                for (var i = 0; i < count; i++)
                {
                    var (kinds, word) = EpollCalls.Read(events, i);
                    if (word == WakerWord)
                    {
                        EpollCalls.Drain(_waker);
                        Volatile.Write(ref _isWoken, 0); // before looking at what was posted
                    }
                    else if (_sockets.Find(word) is { } socket)
                    {
                        Signal(socket, kinds);
                    }
                }

                GiveTurns();
                RunPosted();
                Advance();
            }
        }

        RunPosted();
    }

    /// <summary>Milliseconds until there is something to do by itself; -1 for never.</summary>
    private int Patience()
    {
        if (_again.Count > 0 || !_posted.IsEmpty)
        {
            return 0;
        }

        // Rounded up, or the wait would end just before its time and be begun again.
        return Timers.UntilNext(Clock()) is { } until ? (int)Math.Ceiling(until.TotalMilliseconds) : -1;
    }

    private void Signal(ReactorSocket socket, uint kinds)
    {
        try
        {
            socket.Signal(kinds);
        }
        catch (Exception e)
        {
            LogHandlerFailed(e, socket.GetType().Name);
            socket.Abandon();
        }
    }

    /// <summary>Only those that wait now: one that asks again comes after the next events.</summary>
    private void GiveTurns()
    {
        for (var left = _again.Count; left > 0; left--)
        {
            var socket = _again.Dequeue();
            socket.IsQueued = false;
            try
            {
                socket.TakeTurn();
            }
            catch (Exception e)
            {
                LogHandlerFailed(e, socket.GetType().Name);
                socket.Close();
            }
        }
    }

    private void RunPosted()
    {
        for (var left = _posted.Count; left > 0 && _posted.TryDequeue(out var work); left--)
        {
            try
            {
                work.Call(work.State);
            }
            catch (Exception e)
            {
                LogHandlerFailed(e, work.State?.GetType().Name ?? "a call");
            }
        }
    }

    private void Advance()
    {
        try
        {
            Timers.Advance(_now);
        }
        catch (Exception e)
        {
            LogHandlerFailed(e, nameof(ReactorTimer));
        }
    }
}
