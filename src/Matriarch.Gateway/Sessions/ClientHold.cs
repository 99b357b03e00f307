using System.Net.Sockets;
using Matriarch.Wire;

namespace Matriarch.Gateway;

/// <summary>
/// A client's waiting for a node: one place among the held, one window of time for all its waits together, and an eye
/// on whether it is still there.
/// </summary>
internal sealed class ClientHold(Socket client, HoldLimits limits, TimeProvider time) : IDisposable
{
    private readonly long _began = time.GetTimestamp();
    private bool _hasPlace;

    /// <summary>The client closed its connection while it waited.</summary>
    public bool ClientHasGone { get; private set; }

    /// <summary>
    /// Waits for <paramref name="changed"/>, at most <paramref name="patience"/>. Gives the refusal when the client
    /// has to go.
    /// </summary>
    public async Task<ServerMessage?> WaitAsync(
        Task changed, TimeSpan patience, RouteChoice.Missing why, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested)
        {
            return Stopping();
        }

        var left = limits.Window - time.GetElapsedTime(_began);
        if (left <= TimeSpan.Zero)
        {
            return TooLong(why);
        }

        if (!TryTakePlace())
        {
            return ServerMessage.Fatal(
                SqlState.TooManyConnections, "too many clients wait for a server",
                $"{why.Why}; {limits.Places.Limit} clients wait already ({limits.PlacesSetting}).");
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var wait = patience != Timeout.InfiniteTimeSpan && patience < left ? patience : left;
        var gone = WatchAsync(over.Token);
        var timer = Task.Delay(wait, time, over.Token);
        await Task.WhenAny(changed, timer, gone);
        await over.CancelAsync();
        ClientHasGone = await gone; // the receive must have ended before anybody else reads
        return stopping.IsCancellationRequested ? Stopping() : null;
    }

    /// <summary>Takes its place among those that wait, if it has none yet; false when there is none left.</summary>
    public bool TryTakePlace() => _hasPlace || (_hasPlace = limits.Places.TryTake());

    public void Dispose()
    {
        if (_hasPlace)
        {
            _hasPlace = false;
            limits.Places.GiveBack();
        }
    }

    private static ServerMessage Stopping() =>
        ServerMessage.Fatal(SqlState.AdminShutdown, "the gateway is shutting down", hint: "Connect again.");

    private ServerMessage TooLong(RouteChoice.Missing why) => ServerMessage.Fatal(
        limits.LateSqlState, why.Why, why.Detail,
        $"The gateway waited {(long)limits.Window.TotalSeconds} s for it ({limits.WindowSetting}).");

    /// <summary>Completes when the client closes its connection (true), sends something or the wait is over
    /// (false).</summary>
    private async Task<bool> WatchAsync(CancellationToken over)
    {
        try
        {
            // A peek, not an empty receive: that one also completes on a stale readiness event, and no bytes available
            // would then be taken for the client's end.
            if (await client.ReceiveAsync(new byte[1], SocketFlags.Peek, over) == 0)
            {
                return true;
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, time, over); // it talks ahead; its end is noticed later
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
