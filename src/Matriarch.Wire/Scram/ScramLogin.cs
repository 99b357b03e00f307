using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Matriarch.Wire;

/// <summary>
/// The client's side of a login, without IO: SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677; as libpq's
/// fe-auth-scram.c where the RFC leaves it open), MD5 where the credential allows it.
/// <list type="number">
/// <item>Over TLS the login is bound to the channel when the server offers that. When it does not, the client
/// says that it could have ("y"), so that a server which did offer it notices who took the offer away.</item>
/// <item>The challenge must continue the client's own nonce; then comes the proof.</item>
/// <item>Where the ServerKey is known the server must prove itself too, before it may say that all is well.</item>
/// </list>
/// </summary>
public sealed class ScramLogin
{
    private readonly LoginCredential? _credential;
    private readonly ScramChannel _channel;
    private readonly string _nonce;
    private Stage _stage;
    private bool _isBound;
    private byte[]? _signature; // what the server has to answer

    private enum Stage { Nothing, First, Final, Proven }

    /// <param name="credential">Null when the server must ask for nothing.</param>
    /// <param name="channel">The connection to the server.</param>
    /// <param name="nonce">Random, of printable ASCII characters without a comma.</param>
    public ScramLogin(LoginCredential? credential, ScramChannel channel, string nonce)
    {
        if (!ScramText.IsNonce(nonce))
        {
            throw new ArgumentException("a nonce has printable ASCII characters only", nameof(nonce));
        }

        (_credential, _channel, _nonce) = (credential, channel, nonce);
    }

    /// <summary>With a nonce of its own.</summary>
    public ScramLogin(LoginCredential? credential, ScramChannel channel)
        : this(credential, channel, ScramText.DrawNonce()) { }

    /// <summary>A login without TLS.</summary>
    /// <param name="clientKey">32 bytes; null when the server must ask for nothing.</param>
    public static ScramLogin With(byte[]? clientKey) =>
        new(clientKey is null ? null : LoginCredential.OfKeys(clientKey), ScramChannel.Plain);

    /// <summary>The server has proven that it has the verifier.</summary>
    public bool IsServerProven { get; private set; }

    /// <summary>Why an answer was refused; null while none was. Without secrets.</summary>
    public string? Refusal { get; private set; }

    /// <summary>
    /// Answers the body of an Authentication message: the reply, empty for none; null when the server asks for
    /// something that cannot be given, or is not who it should be: <see cref="Refusal"/> says which.
    /// </summary>
    public byte[]? Answer(ReadOnlySpan<byte> body)
    {
        if (Refusal is not null || body.Length < 4)
        {
            return Refuse("the server's authentication message is malformed");
        }

        var kind = BinaryPrimitives.ReadInt32BigEndian(body);
        var data = body[4..];
        return (kind, _stage) switch
        {
            (AuthenticationKind.Ok, _) => Finish(),
            (_, _) when _credential is null => Refuse("the server asks for a password, and there is none"),
            (AuthenticationKind.Sasl, Stage.Nothing) => First(data),
            (AuthenticationKind.SaslContinue, Stage.First) => Final(ScramText.Of(data)),
            (AuthenticationKind.SaslFinal, Stage.Final) => Check(ScramText.Of(data)),
            (AuthenticationKind.Md5Password, Stage.Nothing) when !_channel.MustBind => Md5(data),
            _ => Refuse("the server asks for a kind of authentication that cannot be given"),
        };
    }

    // The server knows the user from the startup packet and ignores this name (auth-scram.c), as libpq's own.
    private string FirstBare => "n=,r=" + _nonce;

    // gs2-header of RFC 5802, 7.
    private string Header => _isBound ? $"p={ScramChannel.BindingType},,"
        : _channel.ServerEndPoint is not null ? "y,,"
        : "n,,";

    private string Binding => _isBound
        ? _channel.BoundAttribute() : Convert.ToBase64String(ScramText.Bytes(Header));

    private byte[]? First(ReadOnlySpan<byte> offers)
    {
        var isBoundOffered = Offers(offers, "SCRAM-SHA-256-PLUS"u8);
        if (isBoundOffered && !_channel.IsEncrypted)
        {
            // It believes to speak TLS, and we do not: somebody stands between (as in fe-auth.c).
            return Refuse("the server offers channel binding over a connection without TLS");
        }

        _isBound = isBoundOffered && _channel.ServerEndPoint is not null;
        if (_channel.MustBind && !_isBound)
        {
            return Refuse("channel binding is required, and cannot be done with this server");
        }

        if (!_isBound && !Offers(offers, "SCRAM-SHA-256"u8))
        {
            return Refuse("the server offers no mechanism that is known here");
        }

        _stage = Stage.First;
        return new FrontendWriter()
            .SaslInitial(
                _isBound ? "SCRAM-SHA-256-PLUS"u8 : "SCRAM-SHA-256"u8, ScramText.Bytes(Header + FirstBare))
            .Bytes.ToArray();
    }

    // server-first-message = nonce "," salt "," iteration-count ["," extensions]
    private byte[]? Final(string serverFirst)
    {
        var rest = serverFirst;
        if (ScramText.TryTake(ref rest, 'r') is not { } nonce
            || !nonce.StartsWith(_nonce, StringComparison.Ordinal) || nonce.Length <= _nonce.Length)
        {
            return Refuse("the server's challenge is not an answer to this login");
        }

        var salt = ScramText.TryTake(ref rest, 's') is { } text
            ? ScramText.TryBase64(text, ScramVerifier.MaxSaltLength) : null;
        if (salt is null || !int.TryParse(
                ScramText.TryTake(ref rest, 'i'), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || _credential!.KeysFor(salt, iterations) is not var (clientKey, serverKey))
        {
            return Refuse("the server's challenge is malformed, or asks for too much work");
        }

        var withoutProof = $"c={Binding},r={nonce}";
        var authMessage = ScramText.Bytes($"{FirstBare},{serverFirst},{withoutProof}");
        _signature = serverKey is null ? null : ScramKeys.ServerSignature(serverKey, authMessage);
        _stage = Stage.Final;
        var proof = Convert.ToBase64String(ScramKeys.Proof(clientKey, authMessage));
        return new FrontendWriter().Sasl(ScramText.Bytes($"{withoutProof},p={proof}")).Bytes.ToArray();
    }

    // server-final-message = (server-error / verifier) ["," extensions]
    private byte[]? Check(string serverFinal)
    {
        var rest = serverFinal;
        if (ScramText.TryTake(ref rest, 'e') is not null)
        {
            return Refuse("the server refused the proof");
        }

        if (ScramText.TryTake(ref rest, 'v') is not { } told)
        {
            return Refuse("the server's last message is malformed");
        }

        if (_signature is not null)
        {
            if (ScramText.TryBase64(told, ScramKeys.Size) is not { } signature
                || !CryptographicOperations.FixedTimeEquals(signature, _signature))
            {
                return Refuse("the server could not prove that it knows the password's verifier");
            }

            IsServerProven = true;
        }

        _stage = Stage.Proven;
        return [];
    }

    private byte[]? Finish()
    {
        if (_stage is Stage.First or Stage.Final || (_stage == Stage.Nothing && _channel.MustBind))
        {
            return Refuse("the server ended the login before it had proven itself");
        }

        return [];
    }

    private byte[]? Md5(ReadOnlySpan<byte> salt) => _credential!.Md5Answer(salt) is { } answer
        ? new FrontendWriter().Password(answer).Bytes.ToArray()
        : Refuse("the server asks for MD5, which is not allowed");

    private byte[]? Refuse(string why)
    {
        Refusal ??= why;
        return null;
    }

    private static bool Offers(ReadOnlySpan<byte> list, ReadOnlySpan<byte> mechanism)
    {
        while (CString.TryTake(ref list, out var offered) && !offered.IsEmpty)
        {
            if (offered.SequenceEqual(mechanism))
            {
                return true;
            }
        }

        return false;
    }
}
