using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// What is under way in one session: how many ReadyForQuery the client's messages call for and how many have come, and
/// whether a COMMIT is among those outstanding. Written by both directions of a relay, hence the lock; read by cancel
/// requests and a draining gateway.
/// </summary>
/// <remarks>
/// Every Query, FunctionCall and Sync calls for one ReadyForQuery, and so does startup. The exception is COPY FROM
/// STDIN in the extended protocol: a Sync that arrives while the server reads copy data is ignored (CopyGetData in
/// copyfromparse.c), so the end of the copy sets the count anew.
/// </remarks>
internal sealed class RequestLedger
{
    private readonly Lock _lock = new();
    private long _called = 1; // startup ends with a ReadyForQuery too
    private long _ready;
    private long _commitAnsweredBy;
    private bool _inRequest; // a message was sent since the last one that calls for a ReadyForQuery
    private bool _isPartial; // a part of a message was sent
    private bool _lastWasQuery;
    private bool _copyIn;
    private bool _closed;
    private TransactionStatus _status;

    /// <summary>As of the last ReadyForQuery.</summary>
    public TransactionStatus Status
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    /// <summary>Whether the backend may be committing a transaction that the client asked to commit.</summary>
    public bool IsCommitting
    {
        get
        {
            lock (_lock)
            {
                return _ready < _commitAnsweredBy;
            }
        }
    }

    /// <summary>Lets a whole chunk of client messages be noted before it is sent; false when the session takes no
    /// more.</summary>
    public bool Note(ClientStream stream, ReadOnlySpan<byte> data, out ClientStep step)
    {
        lock (_lock)
        {
            if (_closed)
            {
                step = default;
                return false;
            }

            step = stream.Scan(data, this);
            _isPartial = stream.IsInsideMessage || step.Forward < data.Length;
            return true;
        }
    }

    /// <summary>Called inside <see cref="Note"/>: a message that will be answered by one ReadyForQuery.</summary>
    public void CallForReady(bool isQuery, bool commits)
    {
        _called++;
        _inRequest = false;
        _lastWasQuery |= isQuery;
        if (commits)
        {
            _commitAnsweredBy = _called;
        }
    }

    /// <summary>Called inside <see cref="Note"/>: an Execute, which the next Sync will complete.</summary>
    public void NoteExecute(bool commits)
    {
        _inRequest = true;
        _lastWasQuery = false;
        if (commits)
        {
            _commitAnsweredBy = _called + 1;
        }
    }

    /// <summary>Called inside <see cref="Note"/>: any other message of the extended protocol, or copy data.</summary>
    public void NotePart() => _inRequest = true;

    /// <summary>Called inside <see cref="Note"/>: the client ends its copy data.</summary>
    public void NoteCopyEnd()
    {
        if (_copyIn)
        {
            _copyIn = false;
            _called = _ready + (_lastWasQuery ? 1 : 0);
            _inRequest = !_lastWasQuery;
        }
    }

    /// <summary>The server asks for copy data.</summary>
    public void CopyInStarted()
    {
        lock (_lock)
        {
            _copyIn = true;
        }
    }

    /// <summary>The server is ready for the next request.</summary>
    public void Ready(TransactionStatus status)
    {
        lock (_lock)
        {
            _ready++;
            _copyIn = false;
            _status = status;
            if (_ready >= _called)
            {
                _lastWasQuery = false;
            }
        }
    }

    /// <summary>Takes no further client message; with <paramref name="onlyIdle"/> only if no request and no
    /// transaction is under way.</summary>
    public bool TryClose(bool onlyIdle)
    {
        lock (_lock)
        {
            if (onlyIdle && (_inRequest || _isPartial || _ready != _called || _status != TransactionStatus.Idle))
            {
                return false;
            }

            _closed = true;
            return true;
        }
    }
}
