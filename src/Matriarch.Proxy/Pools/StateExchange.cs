using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>What came of giving a server connection what a session carries.</summary>
/// <param name="Reported">The settings that it has reported by now; null when it failed.</param>
/// <param name="Failure">Why it failed.</param>
internal sealed record StateGiven(IReadOnlyDictionary<string, string>? Reported, ServerMessage? Failure);

/// <summary>
/// Asks a server connection what its session carries, and gives one what another session carries; between two
/// transactions, on the reactor, awaited.
/// </summary>
internal static class StateExchange
{
    /// <summary>
    /// Back to what a fresh connection has. Not DISCARD ALL, which cannot stand beside other statements, and takes
    /// temporary tables and advisory locks too: with these no connection comes back.
    /// </summary>
    private static readonly byte[] Reset =
        "RESET SESSION AUTHORIZATION; RESET ALL; CLOSE ALL; UNLISTEN *; DEALLOCATE ALL"u8.ToArray();

    /// <summary>Asks. Messages that are for the client (notifications) go to it meanwhile.</summary>
    public static async Task<StateAnswer> AskAsync(
        PooledServer server, byte[] user, CustomSettings settings, Action<ReadOnlySpan<byte>> forClient)
    {
        if (settings.Obstacle is { } why)
        {
            return new StateAnswer.Unmovable(why);
        }

        var query = new StateQuery(user, settings.Names);
        var reader = new MessageReader((to, _) => server.ReceiveAsync(to), default);
        if (!await server.SendAllAsync(query.Question))
        {
            return new StateAnswer.Lost(WhyLost(server));
        }

        while (query.Answer is null)
        {
            if (await reader.ReadAsync(default) is not { } message)
            {
                return new StateAnswer.Lost(WhyLost(server));
            }

            if (!query.Take(message.Code, message.Body.Span))
            {
                forClient(message.Whole.Span);
            }
        }

        return query.Answer;
    }

    /// <summary>Takes away what the connection carries, and gives it what the session carries.</summary>
    public static async Task<StateGiven> GiveAsync(PooledServer server, CarriedState state)
    {
        var reader = new MessageReader((to, _) => server.ReceiveAsync(to), default);
        var reported = new Dictionary<string, string>(server.Reported, StringComparer.Ordinal);
        if (server.Carried.State is not null && await ResetAsync(server, reader, reported) is { } failure)
        {
            return new StateGiven(null, failure);
        }

        if (state.State is not { } wanted)
        {
            return new StateGiven(reported, null);
        }

        var replay = new StateReplay(wanted, reported);
        if (!await server.SendAllAsync(replay.Question))
        {
            return Lost(server);
        }

        while (!replay.IsDone)
        {
            if (await reader.ReadAsync(default) is not { } message)
            {
                return Lost(server);
            }

            replay.Take(message.Code, message.Body.Span);
        }

        return replay.Error is { } error
            ? new StateGiven(null, ServerMessage.Fatal(
                error.SqlState, $"what the session carries could not be given to another connection: {error.Message}"))
            : new StateGiven(replay.Reported, null);
    }

    private static async Task<ServerMessage?> ResetAsync(
        PooledServer server, MessageReader reader, Dictionary<string, string> reported)
    {
        if (!await server.SendAllAsync(new FrontendWriter().Query(Reset).Bytes))
        {
            return Lost(server).Failure;
        }

        ServerMessage? failure = null;
        while (await reader.ReadAsync(default) is { } message)
        {
            switch (message.Code)
            {
                case BackendCode.ParameterStatus when ParameterStatus.TryParse(message.Body.Span) is { } status:
                    reported[status.Name] = status.Value;
                    break;
                case BackendCode.ErrorResponse:
                    failure ??= ServerMessage.TryParse(message.Body.Span) is { } error
                        ? error with { Severity = "FATAL" } : Lost(server).Failure;
                    break;
                case BackendCode.ReadyForQuery:
                    return failure;
            }
        }

        return failure ?? Lost(server).Failure;
    }

    private static StateGiven Lost(PooledServer server) => new(null, ServerMessage.Fatal(
        SqlState.ConnectionFailure,
        $"{server.Pool.ServerName} did not take what the session carries: {WhyLost(server)}"));

    /// <summary>A connection that failed in the middle is of no use to anybody.</summary>
    private static string WhyLost(PooledServer server)
    {
        var why = server.IsTimedOut ? "no answer in time" : "the connection was lost";
        server.Break();
        return why;
    }
}
