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
/// <param name="isResumed">The session has begun on another relay, and nothing is under way.</param>
internal sealed class RequestLedger(bool isResumed = false)
{
    private readonly Lock _lock = new();
    private long _called = isResumed ? 0 : 1; // startup ends with a ReadyForQuery too
    private bool _isStarting = !isResumed;
    private long _ready;
    private long _commitAnsweredBy;
    private bool _inRequest; // a message was sent since the last one that calls for a ReadyForQuery
    private bool _isInside; // a part of a message was sent
    private bool _isPartial; // or has been received and waits for the rest
    private bool _lastWasQuery;
    private bool _copyIn;
    private bool _closed;
    private bool _mayPark = true;
    private TransactionStatus _status = isResumed ? TransactionStatus.Idle : default;

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
    public bool Note(ClientStream stream, ReadOnlySpan<byte> data, bool oneRequest, out ClientStep step)
    {
        lock (_lock)
        {
            if (_closed)
            {
                step = default;
                return false;
            }

            step = stream.Scan(data, this, oneRequest);
            _isInside = stream.IsInsideMessage;
            _isPartial = _isInside || step.Forward < data.Length;
            _mayPark = !stream.IsUnnamedPending;
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
            _isStarting = false;
            _copyIn = false;
            _status = status;
            if (_ready >= _called)
            {
                _lastWasQuery = false;
            }
        }
    }

    /// <summary>
    /// Whether a session that is to be parked may send more. It goes on with what it has begun: its login, a request,
    /// a COPY, a transaction. In between it waits for the answers, which tell whether a transaction is open.
    /// </summary>
    public bool MayForward
    {
        get
        {
            lock (_lock)
            {
                return !_closed && (_isStarting || _inRequest || _isInside || _copyIn || (_ready >= _called
                    && (_status != TransactionStatus.Idle || !_mayPark)));
            }
        }
    }

    /// <summary>Whether no further client message is taken.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }
    }

    /// <summary>
    /// The session can be parked, or only what it has begun outside of a transaction is missing: its login, or an
    /// answer. That the server has begun on such a request is not certain, and so it may not know yet that it is busy.
    /// </summary>
    public bool IsNearEdge
    {
        get
        {
            lock (_lock)
            {
                return !_closed && (_isStarting || CanPark
                    || (_status == TransactionStatus.Idle && (_ready < _called || _inRequest)));
            }
        }
    }

    /// <summary>Takes no further client message if nothing is under way that another server could not go on
    /// with.</summary>
    public bool TryPark()
    {
        lock (_lock)
        {
            if (_closed || !CanPark)
            {
                return false;
            }

            _closed = true;
            return true;
        }
    }

    private bool CanPark => !_isStarting && !_inRequest && !_isInside && !_copyIn && _mayPark && _ready == _called
        && _status == TransactionStatus.Idle;

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
