using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Matriarch.Wire.Tests;

/// <summary>A server that lets in by SCRAM, over TLS where it has a certificate, and answers every query with one
/// row.</summary>
internal sealed class ScramDoor : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ScramVerifier _verifier;
    private readonly X509Certificate2? _certificate;
    private readonly Task _serving;
    private volatile bool _isClosed;

    public ScramDoor(ScramVerifier verifier, X509Certificate2? certificate = null)
    {
        (_verifier, _certificate) = (verifier, certificate);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Of the last who came in.</summary>
    public byte[] ClientKey { get; private set; } = [];

    /// <summary>The last login was bound to its channel.</summary>
    public bool WasBound { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        _listener.Stop();
        await _serving;
        _listener.Dispose();
        _certificate?.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var connection = new WireConnection(client.GetStream());
                await GreetAsync(connection);
            }
            catch (Exception e) when (e is IOException or TimeoutException)
            {
                // The client went; the next may come.
            }
            catch (Exception) when (_isClosed)
            {
                return;
            }
        }
    }

    private async Task GreetAsync(WireConnection connection)
    {
        var channel = ScramChannel.Plain;
        var packet = await connection.ReadStartupAsync();
        while (packet is StartupPacket.SslRequest or StartupPacket.GssEncryptionRequest)
        {
            var isTls = packet is StartupPacket.SslRequest && _certificate is not null;
            await connection.SendAsync(isTls ? "S"u8.ToArray() : "N"u8.ToArray());
            if (isTls)
            {
                var tls = new SslStream(connection.Stream);
                await tls.AuthenticateAsServerAsync(_certificate!);
                connection.Upgrade(tls);
                channel = ScramChannel.Tls(_certificate!.RawData);
            }

            packet = await connection.ReadStartupAsync();
        }

        if (packet is StartupPacket.Startup { Message: var startup })
        {
            await LoginAsync(connection, ScramServer.For(_verifier, startup.FindText("user"u8)!, channel));
        }
    }

    private async Task LoginAsync(WireConnection connection, ScramServer login)
    {
        await connection.SendAsync(login.Request());
        while (true)
        {
            var (_, body) = await connection.ReadMessageAsync();
            WasBound |= body.AsSpan().IndexOf("SCRAM-SHA-256-PLUS"u8) == 0;
            switch (login.Take(body))
            {
                case ScramServerStep.Challenge challenge:
                    await connection.SendAsync(challenge.Message);
                    break;
                case ScramServerStep.Refused refused:
                    await connection.SendAsync(refused.Error.ToErrorResponse());
                    return;
                case ScramServerStep.Accepted accepted:
                    ClientKey = accepted.ClientKey;
                    await connection.SendAsync(new BackendWriter().Message(accepted.Message).AuthenticationOk()
                        .ParameterStatus("server_version"u8, "15.0"u8)
                        .ParameterStatus("client_encoding"u8, "UTF8"u8)
                        .Key(CancelKey.Create(1, [1, 2, 3, 4])).Ready(TransactionStatus.Idle).Bytes);
                    await AnswerAsync(connection);
                    return;
            }
        }
    }

    private static async Task AnswerAsync(WireConnection connection)
    {
        while (await connection.ReadMessageAsync() is { Code: FrontendCode.Query })
        {
            await connection.SendAsync(new BackendWriter().RowDescription(RowColumn.Text("where"))
                .TextRow("through the door").CommandComplete("SELECT 1"u8).Ready(TransactionStatus.Idle).Bytes);
        }
    }
}
