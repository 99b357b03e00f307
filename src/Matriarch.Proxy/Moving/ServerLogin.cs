using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>The start of a session on the client's side, from the first answer to ReadyForQuery, without IO.</summary>
internal sealed class ServerLogin(ScramLogin login, bool mustBePrimary)
{
    private readonly Dictionary<string, string> _reported = new(StringComparer.Ordinal);

    /// <summary>Whether the server is ready, or the login has failed.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Why it failed; null when it did not.</summary>
    public SessionOpened? Failure { get; private set; }

    /// <summary>The server's own words, where it failed by them.</summary>
    public ServerMessage? Error { get; private set; }

    /// <summary>The settings that the server has reported.</summary>
    public IReadOnlyDictionary<string, string> Reported => _reported;

    /// <summary>The key by which the backend can be cancelled.</summary>
    public CancelKey? Key { get; private set; }

    /// <summary>Takes a message of the server; gives what to send.</summary>
    public byte[] Take(byte code, ReadOnlySpan<byte> body)
    {
        switch (code)
        {
            case BackendCode.Authentication:
                if (login.Answer(body) is { } answer)
                {
                    return answer;
                }

                Fail(new SessionOpened.Refused("the server asks for a login that the gateway cannot give"));
                break;
            case BackendCode.ParameterStatus when ParameterStatus.TryParse(body) is { } status:
                _reported[status.Name] = status.Value;
                if (mustBePrimary && status is { Name: "in_hot_standby", Value: "on" })
                {
                    Fail(new SessionOpened.NotYet("it is not the primary"));
                }

                break;
            case BackendCode.BackendKeyData:
                Key = CancelKey.TryParse(body);
                break;
            case BackendCode.ErrorResponse:
                Error = ServerMessage.TryParse(body);
                Fail(FailureOf(Error));
                break;
            case BackendCode.ReadyForQuery:
                IsDone = true;
                break;
        }

        return [];
    }

    private void Fail(SessionOpened failure)
    {
        Failure ??= failure;
        IsDone = true;
    }

    // Class 28 and 3D do not pass by waiting; too many connections and a server that starts or stops do.
    private static SessionOpened FailureOf(ServerMessage? error) => error switch
    {
        null => new SessionOpened.NotYet("an error that was not understood"),
        { SqlState: ['2', '8', ..] or ['3', 'D', ..] or ['0', 'A', ..] or ['4', '2', ..] } =>
            new SessionOpened.Refused($"the new primary does not let it in: {error.Message}"),
        _ => new SessionOpened.NotYet(error.Message),
    };
}
