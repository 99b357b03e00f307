using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// The wish to end a session, set from outside and noticed by the direction that writes to the client:
/// <see cref="Wake"/> interrupts its wait for the server.
/// </summary>
internal sealed class EndRequest : IDisposable
{
    private readonly Lock _lock = new();
    private ServerMessage? _reason;
    private bool _onlyIdle;
    private CancellationTokenSource _wake = new();
    private bool _disposed;
    private volatile bool _isParkWished;

    /// <summary>Whether the session is to be taken off its relay at the next transaction edge.</summary>
    public bool IsParkWished => _isParkWished;

    /// <summary>Cancelled when there is something new to notice.</summary>
    public CancellationToken Wake
    {
        get
        {
            lock (_lock)
            {
                return _wake.Token;
            }
        }
    }

    /// <summary>Asks. An urgent wish replaces a patient one, never the other way round. True when this changed
    /// anything.</summary>
    public bool Set(ServerMessage reason, bool onlyIdle)
    {
        CancellationTokenSource wake;
        lock (_lock)
        {
            if (_disposed || (_reason is not null && (onlyIdle || !_onlyIdle)))
            {
                return false;
            }

            (_reason, _onlyIdle) = (reason, onlyIdle);
            wake = _wake;
        }

        wake.Cancel();
        return true;
    }

    /// <summary>Wishes, or no longer wishes, that the session is parked.</summary>
    public void SetPark(bool isWished)
    {
        CancellationTokenSource? wake = null;
        lock (_lock)
        {
            if (!_disposed && _isParkWished != isWished)
            {
                _isParkWished = isWished;
                wake = isWished ? _wake : null;
            }
        }

        wake?.Cancel();
    }

    /// <summary>The wish, if there is one. Later changes wake again.</summary>
    public (ServerMessage Reason, bool OnlyIdle)? Take()
    {
        lock (_lock)
        {
            if (_wake.IsCancellationRequested && !_disposed)
            {
                _wake = new CancellationTokenSource(); // the old one is cancelled and holds no resources
            }

            return _reason is null ? null : (_reason, _onlyIdle);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }
    }
}
