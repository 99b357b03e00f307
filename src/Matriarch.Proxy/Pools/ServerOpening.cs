using System.Net.Sockets;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>Why a server connection of a pool was not opened.</summary>
/// <param name="Why">For people.</param>
/// <param name="IsFinal">Whether another attempt would come to the same.</param>
/// <param name="Error">The server's own words, where it said something.</param>
internal sealed record OpeningFailure(string Why, bool IsFinal, ServerMessage? Error = null)
{
    /// <summary>What a client hears for whom the connection was to be.</summary>
    public ServerMessage ForClient(string server) => Error is { IsFatal: true } error
        ? error
        : ServerMessage.Fatal(SqlState.ConnectionFailure, $"{server} does not let it in: {Why}");
}

/// <summary>Connects and logs in, from nothing to the first ReadyForQuery; on the reactor, awaited.</summary>
internal static class ServerOpening
{
    private const int BufferBytes = 8 * 1024;

    /// <summary>Opens it within the pool's deadline; null when it is ready.</summary>
    public static async Task<OpeningFailure?> RunAsync(PooledServer server, PoolOptions options)
    {
        try
        {
            server.Attach(SocketCalls.Connect(options.Address));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return new OpeningFailure(e.Message, IsFinal: false);
        }

        server.SetDeadline(options.Limits.ConnectTimeout);
        if (!await server.ConnectedAsync())
        {
            return Lost(server, "it refuses connections, or cannot be reached");
        }

        server.Prepare();
        if (!await server.SendAllAsync(options.Startup))
        {
            return Lost(server, "the connection was lost");
        }

        var login = new ServerLogin(ScramLogin.With(options.ClientKey), mustBePrimary: false);
        var failure = await LogInAsync(server, login);
        server.ClearDeadline();
        server.Opened(login);
        return failure;
    }

    private static OpeningFailure Lost(PooledServer server, string why) =>
        new(server.IsTimedOut ? "it did not answer in time" : why, IsFinal: false);

    private static async Task<OpeningFailure?> LogInAsync(PooledServer server, ServerLogin login)
    {
        var buffer = new byte[BufferBytes];
        var end = 0;
        while (true)
        {
            var count = await server.ReceiveAsync(buffer.AsMemory(end));
            if (count <= 0)
            {
                return Lost(server, "it closed the connection");
            }

            end += count;
            var at = 0;
            while (!login.IsDone
                && MessageHeader.TryRead(buffer.AsSpan(at, end - at), out var header) is var read
                && read != HeaderRead.Incomplete)
            {
                if (read == HeaderRead.Invalid || header.TotalLength > buffer.Length)
                {
                    return new OpeningFailure("it does not answer in the protocol", IsFinal: false);
                }

                if (end - at < header.TotalLength)
                {
                    break;
                }

                var answer = login.Take(header.Code, buffer.AsSpan(at + MessageHeader.Size, header.BodyLength));
                at += header.TotalLength;
                if (answer.Length > 0 && !await server.SendAllAsync(answer))
                {
                    return Lost(server, "the connection was lost");
                }
            }

            if (login.IsDone)
            {
                return login.Failure switch
                {
                    null => null,
                    SessionOpened.Refused refused => new OpeningFailure(refused.Why, IsFinal: true, login.Error),
                    SessionOpened.NotYet notYet => new OpeningFailure(notYet.Why, IsFinal: false),
                    _ => new OpeningFailure("its login came to nothing", IsFinal: false),
                };
            }

            buffer.AsSpan(at, end - at).CopyTo(buffer);
            end -= at;
        }
    }
}
