using System.Net.Sockets;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>
/// Makes a fresh server connection the continuation of a session that was moved: logs in as the client did, and gives
/// the new session what the old one carried. The client sees nothing of it but changed settings.
/// </summary>
public static class SessionOpening
{
    /// <summary>Logs in and replays. Never throws for what the server does.</summary>
    /// <param name="server">Connected, and sent the startup packet.</param>
    /// <param name="firstBytes">What was received already.</param>
    /// <param name="clientKey">Of the user; null when its login was asked for nothing.</param>
    /// <param name="state">What to give.</param>
    /// <param name="mustBePrimary">A server in recovery is not taken.</param>
    /// <param name="cancellation">The deadline.</param>
    public static async Task<SessionOpened> RunAsync(
        Socket server, ReadOnlyMemory<byte> firstBytes, byte[]? clientKey, SessionState state, bool mustBePrimary,
        CancellationToken cancellation)
    {
        var reader = new MessageReader(server, firstBytes);
        var login = new ServerLogin(ScramLogin.With(clientKey), mustBePrimary);
        var forClient = new List<byte>();
        try
        {
            while (!login.IsDone)
            {
                if (await reader.ReadAsync(cancellation) is not { } message)
                {
                    return new SessionOpened.NotYet("the server closed the connection");
                }

                await server.SendAllAsync(login.Take(message.Code, message.Body.Span), cancellation);
            }

            if (login.Failure is { } failure)
            {
                return failure;
            }

            var replay = new StateReplay(state, login.Reported);
            await server.SendAllAsync(replay.Question, cancellation);
            while (!replay.IsDone)
            {
                if (await reader.ReadAsync(cancellation) is not { } message)
                {
                    return new SessionOpened.NotYet("the server closed the connection");
                }

                if (!replay.Take(message.Code, message.Body.Span))
                {
                    forClient.AddRange(message.Whole.Span);
                }
            }

            if (replay.Error is { } error)
            {
                return error.IsFatal
                    ? new SessionOpened.NotYet(error.Message)
                    : new SessionOpened.Refused(
                        $"what it carries could not be given to the new primary: {error.Message}");
            }

            forClient.InsertRange(0, replay.Changes().SelectMany(c => c.ToMessage()));
            forClient.AddRange(reader.Rest.Span);
            return new SessionOpened.Ready([.. forClient], login.Key);
        }
        catch (OperationCanceledException)
        {
            return new SessionOpened.NotYet("the server did not answer in time");
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return new SessionOpened.NotYet(e.Message);
        }
    }
}
