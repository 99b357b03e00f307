using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>What to do with a chunk of client bytes.</summary>
/// <param name="Forward">Bytes from the start that may be sent on; the rest waits for more to come.</param>
/// <param name="Violation">Why the session must end after them; null to go on.</param>
/// <param name="IsRequestEnd">They end with a whole request, and there may be more behind it.</param>
internal readonly record struct ClientStep(int Forward, string? Violation, bool IsRequestEnd = false);

/// <summary>
/// Follows the messages of a client, without IO: nothing is changed, all is passed on. Headers are read so that the
/// relay knows what is under way, and the first bytes of Query, Parse, Bind, Execute and Close so that it knows of a
/// COMMIT.
/// </summary>
/// <param name="witness">Watches the login; null for a client that is past it.</param>
/// <param name="watch">Watches what statements may do to the session; null where nobody asks.</param>
internal sealed class ClientStream(LoginWitness? witness = null, StatementWatch? watch = null)
{
    /// <summary>Bytes of a body that must be there before the message is looked at; names beyond it are not
    /// tracked.</summary>
    private const int InspectedBody = 2048;

    /// <summary>Statements and portals that commit; a session that has more is not tracked beyond them.</summary>
    private const int MaxNames = 128;

    private readonly int _inspected = watch is null ? InspectedBody : StatementWatch.InspectedBody;
    private readonly HashSet<string> _committingStatements = new(StringComparer.Ordinal);
    private readonly HashSet<string> _committingPortals = new(StringComparer.Ordinal);
    private readonly CustomSettings _settings = new();
    private int _left;
    private bool _isRequestEnd; // the message of which bytes are left ends a request
    private bool _isUnnamedParsed; // since the last end of a request
    private bool _isUnnamedPending;

    /// <summary>Custom settings that the client may have set, and why that cannot be known.</summary>
    public CustomSettings Settings => _settings;

    /// <summary>The client has prepared the unnamed statement and not used it: no server tells what it is.</summary>
    public bool IsUnnamedPending => _isUnnamedPending;

    /// <summary>Whether the last forwarded byte was inside a message.</summary>
    public bool IsInsideMessage => _left > 0;

    /// <summary>Whether the client said goodbye.</summary>
    public bool HasTerminated { get; private set; }

    /// <summary>Looks at the next bytes, which continue behind those that earlier calls forwarded.</summary>
    /// <param name="data">Received, not forwarded.</param>
    /// <param name="ledger">Told of every message.</param>
    /// <param name="oneRequest">Stop behind the first message that ends a request.</param>
    public ClientStep Scan(ReadOnlySpan<byte> data, RequestLedger ledger, bool oneRequest = false)
    {
        var at = 0;
        while (true)
        {
            var taken = Math.Min(_left, data.Length - at);
            at += taken;
            _left -= taken;
            if (_left == 0 && _isRequestEnd)
            {
                _isRequestEnd = false;
                if (oneRequest)
                {
                    return new ClientStep(at, null, IsRequestEnd: true);
                }
            }

            switch (MessageHeader.TryRead(data[at..], out var header))
            {
                case HeaderRead.Incomplete:
                    return new ClientStep(at, null);
                case HeaderRead.Invalid:
                    return new ClientStep(at, "invalid message length");
            }

            var body = data[(at + MessageHeader.Size)..];
            var needed = IsInspected(header.Code) ? Math.Min(header.BodyLength, _inspected) : 0;
            if (body.Length < needed)
            {
                return new ClientStep(at, null);
            }

            Note(header.Code, body[..needed], isWhole: needed == header.BodyLength, ledger);
            _left = header.TotalLength;
        }
    }

    private static bool IsInspected(byte code) =>
        code is FrontendCode.Query or FrontendCode.Parse or FrontendCode.Bind or FrontendCode.Execute
            or FrontendCode.Close or FrontendCode.Password;

    private void Note(byte code, ReadOnlySpan<byte> body, bool isWhole, RequestLedger ledger)
    {
        switch (code)
        {
            case FrontendCode.Query:
                _settings.Note(body);
                watch?.NoteQuery(body, isWhole);
                (_isUnnamedParsed, _isUnnamedPending, _isRequestEnd) = (false, false, true);
                ledger.CallForReady(isQuery: true, CommitWords.Contains(body));
                return;
            case FrontendCode.Sync or FrontendCode.FunctionCall:
                if (code == FrontendCode.FunctionCall)
                {
                    watch?.NoteUnknown();
                }

                (_isUnnamedParsed, _isRequestEnd) = (false, true);
                ledger.CallForReady(isQuery: false, commits: false);
                return;
            case FrontendCode.Execute:
                ledger.NoteExecute(TryName(ref body, out var executed) && _committingPortals.Contains(executed));
                return;
            case FrontendCode.Parse:
                if (TryName(ref body, out var parsed))
                {
                    _settings.Note(body);
                    watch?.NoteParse(parsed, body, isWhole);
                    if (parsed.Length == 0)
                    {
                        _isUnnamedParsed = _isUnnamedPending = true;
                    }

                    Set(_committingStatements, parsed, CommitWords.Contains(body));
                }

                break;
            case FrontendCode.Bind:
                if (TryName(ref body, out var portal) && TryName(ref body, out var bound))
                {
                    Set(_committingPortals, portal, _committingStatements.Contains(bound));
                    watch?.NoteBind(bound);
                    if (bound.Length == 0)
                    {
                        NoteUnnamedUse();
                    }
                }

                break;
            case FrontendCode.Close when body.Length > 1:
                NoteClose(body[0] == 'S', body[1..]);

                break;
            case FrontendCode.CopyDone or FrontendCode.CopyFail:
                ledger.NoteCopyEnd();
                return;
            case FrontendCode.Terminate:
                HasTerminated = true;
                return;
            case FrontendCode.Password:
                witness?.Client(body);
                return; // part of startup, whose ReadyForQuery is counted from the beginning
        }

        ledger.NotePart();
    }

    private void NoteClose(bool isStatement, ReadOnlySpan<byte> body)
    {
        if (!TryName(ref body, out var closed))
        {
            return;
        }

        (isStatement ? _committingStatements : _committingPortals).Remove(closed);
        if (isStatement)
        {
            watch?.NoteClose(closed);
        }
    }

    /// <summary>
    /// One that is used again in a later request may be used at any time, and cannot be given to another server.
    /// </summary>
    private void NoteUnnamedUse()
    {
        if (!_isUnnamedParsed && !_isUnnamedPending)
        {
            _settings.Refuse("it goes on using the unnamed prepared statement");
        }

        _isUnnamedPending = false;
    }

    private static bool TryName(ref ReadOnlySpan<byte> body, out string name)
    {
        var end = body.IndexOf((byte)0);
        name = end <= 0 ? "" : System.Text.Encoding.Latin1.GetString(body[..end]);
        body = end < 0 ? default : body[(end + 1)..];
        return end >= 0;
    }

    private static void Set(HashSet<string> names, string name, bool commits)
    {
        if (!commits)
        {
            names.Remove(name);
        }
        else if (names.Count < MaxNames)
        {
            names.Add(name);
        }
    }
}
