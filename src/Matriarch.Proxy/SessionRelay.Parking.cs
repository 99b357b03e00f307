namespace Matriarch.Proxy;

/// <summary>
/// Taking a session off the relay at a transaction edge, with both connections open. While that is wished the upward
/// loop sends one request at a time and waits for its answer, so that a client that always has something under way
/// comes to an edge too; what it has sent beyond stays here and goes with the session.
/// </summary>
public sealed partial class SessionRelay
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly Pulse _answered = new();
    private byte[] _kept = [];
    private byte[] _keptOfServer = [];
    private volatile bool _isParked;
    private volatile bool _isOver; // the downward loop has ended

    /// <summary>
    /// Whether the session is to be parked, is not yet, and is in no transaction that the server knows of: it stands at
    /// an edge, logs in, or waits for the answer to a statement of its own, which the server may not have read yet.
    /// </summary>
    public bool IsParkPending => _ending.IsParkWished && !_isParked && _ledger.IsNearEdge;

    /// <summary>
    /// Parks the session at the next transaction edge: <see cref="RunAsync"/> then ends with
    /// <see cref="RelayEnd.Parked"/>. With false the wish is taken back; what is parked already stays parked.
    /// </summary>
    public void Park(bool isWished)
    {
        _ending.SetPark(isWished);
        _answered.Release();
    }

    /// <summary>Parks the session if that is wished and possible here.</summary>
    private bool TryPark(RelayInput input)
    {
        if (!_ending.IsParkWished)
        {
            return false;
        }

        if (!_serverStream.IsAtBoundary || !_ledger.TryPark())
        {
            _answered.Release();
            return false;
        }

        _isParked = true;
        _keptOfServer = input.Bytes.ToArray();
        _ending.Dispose(); // whoever wants its end from now on finds the one who parked it
        _graceTimer.Dispose();
        _leaving.Cancel();
        _answered.Release();
        return true;
    }

    private async Task WaitForAnswersAsync()
    {
        while (_ending.IsParkWished && !_isOver && !_ledger.MayForward && !_ledger.IsClosed)
        {
            await _answered.WaitAsync();
        }
    }

    private void Keep(RelayInput input) => _kept = input.Bytes.ToArray();

    /// <summary>The upward loop has been woken; what it holds goes with the session.</summary>
    private async Task<RelayEnd> LeaveAsync(Task up)
    {
        await up;
        _leaving.Dispose();
        if (_end is { } ended)
        {
            Abort(); // the client went in the same moment
            return ended;
        }

        return new RelayEnd.Parked(new ParkedSession(_client, _server, _kept, _keptOfServer, _clientStream));
    }
}
