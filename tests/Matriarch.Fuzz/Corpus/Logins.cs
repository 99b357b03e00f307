using System.Text;
using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>How sessions begin: requests for encryption, versions, logins.</summary>
internal static class Logins
{
    /// <summary>Of the user in every login by SCRAM.</summary>
    public static readonly ScramVerifier Verifier = ScramVerifier.OfPassword("pencil"u8, "0123456789abcdef"u8, 1);

    /// <summary>Of the server in every login by SCRAM: a recorded login can be judged again.</summary>
    public const string ServerNonce = "server+nonce";

    /// <summary>Of the client.</summary>
    public const string ClientNonce = "client+nonce";

    /// <summary>The channel of a login that is bound to one.</summary>
    public static readonly ScramChannel Bound = new(true, "hash of a certificate"u8.ToArray());

    public static IReadOnlyList<Script> All { get; } =
    [
        Scram(ScramChannel.Plain), Scram(Bound), Refused(), Md5(), Cleartext(), Negotiated(),
        new ScriptBuilder().Opening([.. StartupRequests.GssEncryption(), .. Startup()]).Build(),
        new ScriptBuilder().Opening(StartupRequests.GssEncryption()).Opening(StartupRequests.Ssl())
            .Opening(Startup()).Build(),
        new ScriptBuilder().Opening([.. StartupRequests.Ssl(), .. Startup()]).Build(),
        new ScriptBuilder().Opening(StartupRequests.Cancel(CancelKey.Create(7, new byte[32]))).Build(),
        new ScriptBuilder().Opening(Hello()).Opening(Startup()).Build(),
    ];

    private static byte[] Startup() => StartupMessage.Create(
        ProtocolVersion.Version32, ("user", "ana"), ("database", "herd"), ("options", "-c geqo=off"),
        ("_pq_.x", "1")).Encode();

    private static Script Scram(ScramChannel channel)
    {
        var server = new ScramServer(Verifier, "ana", channel, ServerNonce);
        var client = new ScramLogin(LoginCredential.OfPassword("pencil"u8), channel, ClientNonce);
        var script = new ScriptBuilder().Opening(Startup());
        var message = server.Request();
        while (true)
        {
            var reply = client.Answer(message.AsSpan(MessageHeader.Size))!;
            script.Add(Side.Server, message).Add(Side.Client, reply);
            var step = server.Take(reply.AsSpan(MessageHeader.Size));
            if (step is ScramServerStep.Accepted accepted)
            {
                return script.Add(Side.Server, accepted.Message)
                    .Server(s => s.AuthenticationOk().Ready(TransactionStatus.Idle)).Build();
            }

            message = ((ScramServerStep.Challenge)step).Message;
        }
    }

    private static Script Refused() => new ScriptBuilder().Opening(Startup())
        .Server(s => s.Sasl("SCRAM-SHA-256"))
        .Client(c => c.SaslInitial("SCRAM-SHA-256"u8, "y,,n=x,r=abc,m=2"u8))
        .Server(s => s.Error(ServerMessage.Fatal("28P01", "password authentication failed"))).Build();

    private static Script Md5() => new ScriptBuilder().Opening(Startup())
        .Server(s => s.AskMd5Password([1, 2, 3, 4]))
        .Client(c => c.Password("md5ee31357dd868b01f6a57c7a9c099cc5f"u8))
        .Server(s => s.AuthenticationOk().Ready(TransactionStatus.Idle)).Build();

    private static Script Cleartext() => new ScriptBuilder().Opening(Startup())
        .Server(s => s.AskCleartextPassword()).Client(c => c.Password("pencil"u8))
        .Server(s => s.AuthenticationOk().Key(CancelKey.Create(-1, new byte[256])).Ready(TransactionStatus.Idle))
        .Build();

    private static Script Negotiated() => new ScriptBuilder().Opening(Startup())
        .Server(s => s.Message(new NegotiateProtocolVersion(ProtocolVersion.Version30, ["_pq_.x"]).Encode())
            .AuthenticationOk().Ready(TransactionStatus.Idle)).Build();

    /// <summary>A small ClientHello with our protocol and another.</summary>
    private static byte[] Hello()
    {
        byte[] names = [2, .. "h2"u8, 10, .. Encoding.ASCII.GetBytes(TlsClientHello.Alpn)];
        byte[] alpn = [0, 16, 0, (byte)(names.Length + 2), 0, (byte)names.Length, .. names];
        byte[] extensions = [0, 43, 0, 3, 2, 3, 4, .. alpn];
        byte[] body =
        [
            3, 3, .. new byte[32], 4, 1, 2, 3, 4, 0, 2, 0x13, 1, 1, 0, 0, (byte)extensions.Length, .. extensions,
        ];
        return [22, 3, 1, 0, (byte)(body.Length + 4), 1, 0, 0, (byte)body.Length, .. body];
    }
}
