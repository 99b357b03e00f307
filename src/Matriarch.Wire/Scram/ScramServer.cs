using System.Buffers.Binary;
using System.Globalization;

namespace Matriarch.Wire;

/// <summary>
/// The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS, without IO (RFC 5802, RFC 7677; what RFC 5802 leaves
/// open is as in PostgreSQL's auth-scram.c and auth-sasl.c):
/// <list type="number">
/// <item>The server names the mechanisms. The client chooses one and sends its first message, at once or after an empty
/// challenge. Its user name is ignored, that of the startup packet counts; authorization identities and mandatory
/// extensions are refused.</item>
/// <item>Channel binding: "p" only with -PLUS and of our type, "n" and "y" only without. A "y" claims that we did not
/// offer -PLUS: where we did, somebody between has taken it away, and the login is refused.</item>
/// <item>The challenge: the client's nonce and ours, salt and iterations, which are a mock's where there is no
/// verifier.</item>
/// <item>The final message must repeat the flag or the binding, and the whole nonce. The proof is computed for a mock
/// too, and a wrong one ends as PostgreSQL ends it: by an ErrorResponse instead of a message with "e=".</item>
/// </list>
/// </summary>
public sealed class ScramServer
{
    /// <summary>Longest message of a client, in bytes (PG_MAX_SASL_MESSAGE_LENGTH).</summary>
    public const int MaxMessage = 1024;

    internal const string Mechanism = "SCRAM-SHA-256";
    internal const string BoundMechanism = "SCRAM-SHA-256-PLUS";

    private readonly ScramVerifier _verifier;
    private readonly string _user;
    private readonly ScramChannel _channel;
    private readonly string _ownNonce;
    private Stage _stage;
    private bool _isBound;
    private char _flag;
    private string _clientFirstBare = "";
    private string _serverFirst = "";
    private string _nonce = "";

    private enum Stage { Mechanism, First, Final, Over }

    /// <param name="verifier">The user's, or <see cref="ScramVerifier.Mock"/>.</param>
    /// <param name="user">For the error.</param>
    /// <param name="channel">The connection to the client.</param>
    /// <param name="nonce">Random, of printable ASCII characters without a comma; <see cref="For"/> draws one.</param>
    public ScramServer(ScramVerifier verifier, string user, ScramChannel channel, string nonce)
    {
        if (!ScramText.IsNonce(nonce))
        {
            throw new ArgumentException("a nonce has printable ASCII characters only", nameof(nonce));
        }

        (_verifier, _user, _channel, _ownNonce) = (verifier, user, channel, nonce);
    }

    private bool CanBind => _channel.ServerEndPoint is not null;

    /// <summary>With a nonce of its own.</summary>
    public static ScramServer For(ScramVerifier verifier, string user, ScramChannel channel) =>
        new(verifier, user, channel, ScramText.DrawNonce());

    /// <summary>AuthenticationSASL, which begins the login.</summary>
    public byte[] Request() => new BackendWriter()
        .Sasl(CanBind ? [BoundMechanism, Mechanism] : [Mechanism]).Bytes.ToArray();

    /// <summary>Takes the body of a message with code <c>p</c>. Never throws for what the client sent.</summary>
    public ScramServerStep Take(ReadOnlySpan<byte> body)
    {
        var step = body.Length > MaxMessage ? Malformed("The message is too long.") : _stage switch
        {
            Stage.Mechanism => TakeInitial(body),
            Stage.First => TakeFirst(body),
            Stage.Final => TakeFinal(body),
            _ => Malformed("The login is over."),
        };
        _stage = step is ScramServerStep.Challenge ? _stage : Stage.Over;
        return step;
    }

    // SASLInitialResponse: mechanism, length of the data or -1, data.
    private ScramServerStep TakeInitial(ReadOnlySpan<byte> body)
    {
        if (!CString.TryTake(ref body, out var mechanism) || body.Length < 4)
        {
            return Malformed("The initial response is not one.");
        }

        _isBound = mechanism.SequenceEqual("SCRAM-SHA-256-PLUS"u8);
        if (_isBound ? !CanBind : !mechanism.SequenceEqual("SCRAM-SHA-256"u8))
        {
            return Refuse(
                SqlState.ProtocolViolation, "client selected an invalid SASL authentication mechanism", null,
                "other-error");
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(body);
        body = body[4..];
        if (length == -1 && body.IsEmpty)
        {
            _stage = Stage.First;
            return Continue("");
        }

        return length == body.Length ? TakeFirst(body) : Malformed("Its length is not that of its data.");
    }

    // client-first-message = gs2-cbind-flag "," [authzid] "," [reserved-mext ","] username "," nonce ["," extensions]
    private ScramServerStep TakeFirst(ReadOnlySpan<byte> data)
    {
        if (CheckText(data) is { } malformed)
        {
            return malformed;
        }

        var rest = ScramText.Of(data);
        if (TakeFlag(ref rest) is { } refused)
        {
            return refused;
        }

        switch (rest)
        {
            case ['a', ..]:
                return Refuse(
                    SqlState.FeatureNotSupported, "client uses authorization identity, but it is not supported", null,
                    "other-error");
            case not [',', ..]:
                return Malformed("A comma is missing in the client's first message.");
            case [',', 'm', ..]:
                return Refuse(
                    SqlState.FeatureNotSupported, "client requires an unsupported SCRAM extension", null,
                    "extensions-not-supported");
        }

        _clientFirstBare = rest = rest[1..];
        if (ScramText.TryTake(ref rest, 'n') is null || ScramText.TryTake(ref rest, 'r') is not { } nonce
            || !ScramText.IsNonce(nonce) || !HasExtensionsOnly(rest))
        {
            return Malformed("The client's first message has not a user name, a printable nonce and extensions.");
        }

        _nonce = nonce + _ownNonce;
        _serverFirst = string.Create(
            CultureInfo.InvariantCulture,
            $"r={_nonce},s={Convert.ToBase64String(_verifier.Salt)},i={_verifier.Iterations}");
        _stage = Stage.Final;
        return Continue(_serverFirst);
    }

    /// <summary>Reads the flag and its comma; null when it may be.</summary>
    private ScramServerStep.Refused? TakeFlag(ref string rest)
    {
        _flag = rest[0];
        switch (_flag)
        {
            case 'n' or 'y' when _isBound:
                return Malformed(
                    "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding.");
            case 'y' when CanBind:
                return Refuse(
                    SqlState.InvalidAuthorization, "SCRAM channel binding negotiation error",
                    "The client supports SCRAM channel binding but thinks the server does not. However, this server"
                        + " does support channel binding.",
                    "server-does-support-channel-binding");
            case 'n' or 'y' when rest is [_, ',', ..]:
                rest = rest[2..];
                return null;
            case 'p' when !_isBound:
                return Malformed(
                    "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes it.");
            case 'p' when ScramText.TryTake(ref rest, 'p') is { } type:
                return type == ScramChannel.BindingType ? null : Refuse(
                    SqlState.ProtocolViolation, "unsupported SCRAM channel-binding type", null,
                    "unsupported-channel-binding-type");
            default:
                return Malformed("The channel-binding flag is none.");
        }
    }

    // client-final-message = channel-binding "," nonce ["," extensions] "," proof
    private ScramServerStep TakeFinal(ReadOnlySpan<byte> data)
    {
        if (CheckText(data) is { } malformed)
        {
            return malformed;
        }

        var rest = ScramText.Of(data);
        var text = rest;
        if (ScramText.TryTake(ref rest, 'c') is not { } binding)
        {
            return Malformed("The client's final message has no channel binding.");
        }

        if (_isBound && binding != _channel.BoundAttribute())
        {
            return Refuse(
                SqlState.InvalidAuthorization, "SCRAM channel binding check failed", null,
                "channel-bindings-dont-match");
        }

        if (!_isBound && binding != (_flag == 'y' ? "eSws" : "biws"))
        {
            return Refuse(
                SqlState.ProtocolViolation, "unexpected SCRAM channel-binding attribute in client-final-message", null,
                "channel-bindings-dont-match");
        }

        if (ScramText.TryTake(ref rest, 'r') != _nonce)
        {
            return Refuse(SqlState.ProtocolViolation, "invalid SCRAM response", "Nonce does not match.", "other-error");
        }

        var nonceEnd = text.Length - rest.Length - 1;
        var proofAt = text.IndexOf(",p=", nonceEnd, StringComparison.Ordinal);
        if (proofAt < 0 || !HasExtensionsOnly(rest)
            || ScramText.TryBase64(text[(proofAt + 3)..], ScramKeys.Size) is not { Length: ScramKeys.Size } proof)
        {
            return Malformed("The client's final message does not end with a proof.");
        }

        return Judge(ScramText.Bytes($"{_clientFirstBare},{_serverFirst},{text[..proofAt]}"), proof);
    }

    private ScramServerStep Judge(byte[] authMessage, byte[] proof)
    {
        if (ScramKeys.RecoverClientKey(_verifier, authMessage, proof) is not { } clientKey)
        {
            return Refuse(
                SqlState.InvalidPassword, $"password authentication failed for user \"{_user}\"", null,
                "invalid-proof");
        }

        var signature = ScramKeys.ServerSignature(_verifier.ServerKey, authMessage);
        var final = ScramText.Bytes("v=" + Convert.ToBase64String(signature));
        return new ScramServerStep.Accepted(new BackendWriter().SaslFinal(final).Bytes.ToArray(), clientKey);
    }

    private static bool HasExtensionsOnly(string rest)
    {
        while (rest.Length > 0)
        {
            if (ScramText.TryTakeAny(ref rest, out _) is null)
            {
                return false;
            }
        }

        return true;
    }

    private static ScramServerStep.Refused? CheckText(ReadOnlySpan<byte> data) =>
        data.IsEmpty ? Malformed("The message is empty.")
        : data.Contains((byte)0) ? Malformed("Message length does not match input length.")
        : null;

    private static ScramServerStep.Challenge Continue(string text) =>
        new(new BackendWriter().SaslContinue(ScramText.Bytes(text)).Bytes.ToArray());

    private static ScramServerStep.Refused Malformed(string detail) =>
        Refuse(SqlState.ProtocolViolation, "malformed SCRAM message", detail, "other-error");

    private static ScramServerStep.Refused Refuse(string state, string message, string? detail, string reason) =>
        new(ServerMessage.Fatal(state, message, detail), reason);
}
