using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>What to do with a chunk of client bytes.</summary>
/// <param name="Forward">Bytes from the start that may be sent on; the rest waits for more to come.</param>
/// <param name="Violation">Why the session must end after them; null to go on.</param>
internal readonly record struct ClientStep(int Forward, string? Violation);

/// <summary>
/// Follows the messages of a client, without IO: nothing is changed, all is passed on. Headers are read so that the
/// relay knows what is under way, and the first bytes of Query, Parse, Bind, Execute and Close so that it knows of a
/// COMMIT.
/// </summary>
internal sealed class ClientStream
{
    /// <summary>Bytes of a body that must be there before the message is looked at; names beyond it are not
    /// tracked.</summary>
    private const int InspectedBody = 2048;

    /// <summary>Statements and portals that commit; a session that has more is not tracked beyond them.</summary>
    private const int MaxNames = 128;

    private readonly HashSet<string> _committingStatements = new(StringComparer.Ordinal);
    private readonly HashSet<string> _committingPortals = new(StringComparer.Ordinal);
    private int _left;

    /// <summary>Whether the last forwarded byte was inside a message.</summary>
    public bool IsInsideMessage => _left > 0;

    /// <summary>Whether the client said goodbye.</summary>
    public bool HasTerminated { get; private set; }

    /// <summary>Looks at the next bytes, which continue behind those that earlier calls forwarded.</summary>
    public ClientStep Scan(ReadOnlySpan<byte> data, RequestLedger ledger)
    {
        var at = 0;
        while (true)
        {
            var taken = Math.Min(_left, data.Length - at);
            at += taken;
            _left -= taken;
            switch (MessageHeader.TryRead(data[at..], out var header))
            {
                case HeaderRead.Incomplete:
                    return new ClientStep(at, null);
                case HeaderRead.Invalid:
                    return new ClientStep(at, "invalid message length");
            }

            var body = data[(at + MessageHeader.Size)..];
            var needed = IsInspected(header.Code) ? Math.Min(header.BodyLength, InspectedBody) : 0;
            if (body.Length < needed)
            {
                return new ClientStep(at, null);
            }

            Note(header.Code, body[..needed], ledger);
            _left = header.TotalLength;
        }
    }

    private static bool IsInspected(byte code) =>
        code is FrontendCode.Query or FrontendCode.Parse or FrontendCode.Bind or FrontendCode.Execute
            or FrontendCode.Close;

    private void Note(byte code, ReadOnlySpan<byte> body, RequestLedger ledger)
    {
        switch (code)
        {
            case FrontendCode.Query:
                ledger.CallForReady(isQuery: true, CommitWords.Contains(body));
                return;
            case FrontendCode.Sync or FrontendCode.FunctionCall:
                ledger.CallForReady(isQuery: false, commits: false);
                return;
            case FrontendCode.Execute:
                ledger.NoteExecute(TryName(ref body, out var executed) && _committingPortals.Contains(executed));
                return;
            case FrontendCode.Parse:
                if (TryName(ref body, out var parsed))
                {
                    Set(_committingStatements, parsed, CommitWords.Contains(body));
                }

                break;
            case FrontendCode.Bind:
                if (TryName(ref body, out var portal) && TryName(ref body, out var bound))
                {
                    Set(_committingPortals, portal, _committingStatements.Contains(bound));
                }

                break;
            case FrontendCode.Close when body.Length > 1:
                var names = body[0] == 'S' ? _committingStatements : _committingPortals;
                body = body[1..];
                if (TryName(ref body, out var closed))
                {
                    names.Remove(closed);
                }

                break;
            case FrontendCode.CopyDone or FrontendCode.CopyFail:
                ledger.NoteCopyEnd();
                return;
            case FrontendCode.Terminate:
                HasTerminated = true;
                return;
            case FrontendCode.Password:
                return; // part of startup, whose ReadyForQuery is counted from the beginning
        }

        ledger.NotePart();
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
