using System.Net.Sockets;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// A session that was taken off its relay at a transaction edge: nothing is under way, both connections are open, and
/// nobody reads either of them. Its owner asks, closes, moves or resumes it.
/// </summary>
public sealed class ParkedSession
{
    private const byte Goodbye = FrontendCode.Terminate;

    private readonly Socket _client;
    private readonly MessageReader _reader;

    /// <param name="client">Stays the owner's.</param>
    /// <param name="server">Open until <see cref="CloseServerAsync"/>, or for the relay that goes on with it.</param>
    /// <param name="clientBytes">What the client has sent and no server has received.</param>
    /// <param name="serverBytes">What the server has sent and the client has not received.</param>
    /// <param name="stream">What is known of the client's messages so far.</param>
    internal ParkedSession(Socket client, Socket server, byte[] clientBytes, byte[] serverBytes, ClientStream stream)
    {
        (_client, Server, ClientBytes, Stream) = (client, server, clientBytes, stream);
        _reader = new MessageReader(server, serverBytes);
    }

    /// <summary>The server connection.</summary>
    public Socket Server { get; }

    /// <summary>What the client has sent and no server has received.</summary>
    public byte[] ClientBytes { get; }

    /// <summary>What the server has sent and the client has not received.</summary>
    public ReadOnlyMemory<byte> ServerBytes => _reader.Rest;

    /// <summary>The client has said goodbye, and no server has to be found for it any more.</summary>
    public bool HasClientTerminated => ClientBytes is [Goodbye, ..];

    internal ClientStream Stream { get; }

    /// <summary>
    /// Asks the server what the session carries. What it tells the client meanwhile (notifications) is passed on.
    /// </summary>
    /// <param name="user">The user that logged in.</param>
    /// <param name="cancellation">The deadline: then the session is lost, since the answer may still come.</param>
    public async Task<StateAnswer> AskAsync(byte[] user, CancellationToken cancellation)
    {
        if (Stream.Settings.Obstacle is { } why)
        {
            return new StateAnswer.Unmovable(why);
        }

        var query = new StateQuery(user, Stream.Settings.Names);
        try
        {
            await Server.SendAllAsync(query.Question, cancellation);
            while (query.Answer is null)
            {
                if (await _reader.ReadAsync(cancellation) is not { } message)
                {
                    return new StateAnswer.Lost("the server closed the connection");
                }

                if (!query.Take(message.Code, message.Body.Span))
                {
                    await _client.SendAllAsync(message.Whole.ToArray(), cancellation);
                }
            }

            return query.Answer;
        }
        catch (OperationCanceledException)
        {
            return new StateAnswer.Lost("the server did not tell in time what it carries");
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return new StateAnswer.Lost(e.Message);
        }
    }

    /// <summary>Says goodbye to the server. Never throws.</summary>
    public async Task CloseServerAsync()
    {
        try
        {
            await Server.SendAllAsync(new FrontendWriter().Terminate().Bytes);
            Server.EndSending();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has gone first.
        }

        Server.Dispose();
    }
}
