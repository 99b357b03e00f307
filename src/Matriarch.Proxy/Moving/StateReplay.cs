using System.Text;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// Gives a fresh session on another server what the old one carried, without IO: one batch of requests in an order in
/// which each can be done: settings as the user that logged in, then who it became, then statements and channels.
/// </summary>
internal sealed class StateReplay
{
    private const uint TextType = 25; // TEXTOID

    private readonly int _requests;
    private readonly Dictionary<string, string> _reported;
    private int _ready;

    /// <param name="state">What to give.</param>
    /// <param name="reported">What the new server has reported so far.</param>
    public StateReplay(SessionState state, IReadOnlyDictionary<string, string> reported)
    {
        State = state;
        _reported = new Dictionary<string, string>(reported, StringComparer.Ordinal);
        var writer = Write(state);
        _requests = writer.Requests;
        Question = writer.Bytes;
        IsDone = _requests == 0;
    }

    public SessionState State { get; }

    /// <summary>What the server has reported by now.</summary>
    public IReadOnlyDictionary<string, string> Reported => _reported;

    /// <summary>What to send.</summary>
    public ReadOnlyMemory<byte> Question { get; }

    /// <summary>Everything was answered.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Why the state could not be given; null while it could.</summary>
    public ServerMessage? Error { get; private set; }

    /// <summary>Takes a message of the server; true when it belongs to the answer, false when it is for the
    /// client.</summary>
    public bool Take(byte code, ReadOnlySpan<byte> body)
    {
        switch (code)
        {
            case BackendCode.NotificationResponse:
                return false;
            case BackendCode.ParameterStatus when ParameterStatus.TryParse(body) is { } status:
                _reported[status.Name] = status.Value;
                return true;
            case BackendCode.ErrorResponse:
                Error ??= ServerMessage.TryParse(body)
                    ?? ServerMessage.Fatal(SqlState.ProtocolViolation, "an error that was not understood");
                IsDone |= Error.IsFatal;
                return true;
            case BackendCode.ReadyForQuery:
                IsDone = ++_ready == _requests;
                return true;
            default:
                return true;
        }
    }

    /// <summary>What the client has to be told, so that what it knows of settings is true.</summary>
    public IEnumerable<ParameterStatus> Changes() =>
        _reported.Where(r => !State.Reported.TryGetValue(r.Key, out var known) || known != r.Value)
            .Select(r => new ParameterStatus(r.Key, r.Value));

    private static FrontendWriter Write(SessionState state)
    {
        var writer = new FrontendWriter();
        var isAny = WriteSettings(writer, state);
        foreach (var statement in state.Statements.Where(s => !s.IsSql))
        {
            writer.Parse(statement.Name, statement.Sql, statement.Types);
            isAny = true;
        }

        if (isAny)
        {
            writer.Sync();
        }

        foreach (var statement in state.Statements.Where(s => s.IsSql))
        {
            writer.Query(statement.Sql);
        }

        foreach (var channel in state.Channels)
        {
            writer.Query([.. "LISTEN "u8, .. channel]);
        }

        return writer;
    }

    private static bool WriteSettings(FrontendWriter writer, SessionState state)
    {
        // The encoding first: what follows is in it.
        var settings = state.Settings
            .OrderByDescending(s => s.Name.AsSpan().SequenceEqual("client_encoding"u8))
            .Concat(One("session_authorization", state.SessionUser))
            .Concat(One("role", state.Role))
            .ToList();
        if (settings.Count == 0)
        {
            return false;
        }

        writer.Parse(default, "SELECT pg_catalog.set_config($1, $2, false)"u8, [TextType, TextType]);
        foreach (var (name, value) in settings)
        {
            writer.Bind(name, value).Execute();
        }

        return true;
    }

    private static IEnumerable<(byte[] Name, byte[] Value)> One(string name, byte[]? value) =>
        value is null ? [] : [(Encoding.ASCII.GetBytes(name), value)];
}
