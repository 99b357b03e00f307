using Matriarch.Proxy;
using Matriarch.Wire;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>
/// Takes parked sessions over a switchover:
/// <list type="number">
/// <item>the server is asked what the session carries, and an agent for the key to log it in again;</item>
/// <item>one that can be moved leaves its server at once, so that the primary sees it drained; when the next primary
/// serves it is opened there as it was, and the client goes on;</item>
/// <item>one that cannot stays where it is and begins nothing. If the switchover comes to nothing it goes on; if its
/// node stops leading it ends with 57P01 and the reason.</item>
/// </list>
/// In the states 2 and 3 nothing of the client's is under way: whatever happens, nothing is lost or done twice.
/// </summary>
internal sealed partial class SessionMover(
    GatewaySetup setup, ViewTracker views, SessionRegistry sessions, Parking parking, AgentFeeds agents,
    ILogger<SessionMover> logger) : IDisposable
{
    /// <summary>Sessions that are asked at the same time: their servers work on one machine.</summary>
    private const int MostAtOnce = 32;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMilliseconds(500);

    private readonly GatewayOptions _options = setup.Options;
    private readonly SemaphoreSlim _asking = new(MostAtOnce);

    /// <summary>Takes a parked session to where it goes on, or ends.</summary>
    public async Task<MoveOutcome> MoveAsync(
        GatewayClient client, GatewaySession session, ParkedSession parked, CancellationToken stopping)
    {
        using var hold = new ClientHold(
            client.Socket,
            new HoldLimits(
                parking.Places, "gateway.max-parked-sessions", _options.ParkTimeout, "gateway.park-timeout",
                SqlState.AdminShutdown),
            setup.Time);
        var answer = await AskAsync(client, session, parked, hold);
        switch (answer)
        {
            case StateAnswer.Told told:
                return await ReopenAsync(client, told.State, parked, hold, stopping);
            case StateAnswer.Unmovable unmovable:
                parking.CountRefused();
                LogStays(session.Id, session.Target.Node, unmovable.Why);
                return await StayAsync(client, session, parked, unmovable.Why, stopping);
            default:
                parking.CountRefused();
                var why = ((StateAnswer.Lost)answer).Why;
                LogStays(session.Id, session.Target.Node, why);
                return End(session, parked, Over($"node {session.Target.Node} stops leading", why));
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<StateAnswer> AskAsync(
        GatewayClient client, GatewaySession session, ParkedSession parked, ClientHold hold)
    {
        parking.Asks();
        try
        {
            using var deadline = new CancellationTokenSource(_options.ConnectTimeout, setup.Time);
            if (!hold.TryTakePlace())
            {
                return new StateAnswer.Unmovable(
                    $"{parking.Places.Limit} sessions are parked already (gateway.max-parked-sessions)");
            }

            await _asking.WaitAsync(CancellationToken.None);
            try
            {
                if (await client.PrepareLoginAsync(agents, deadline.Token) is { } problem)
                {
                    return new StateAnswer.Unmovable(problem);
                }

                var answer = await parked.AskAsync(client.User, deadline.Token);
                if (answer is StateAnswer.Told)
                {
                    await parked.CloseServerAsync();
                    sessions.Close(session);
                }

                return answer;
            }
            finally
            {
                _asking.Release();
            }
        }
        finally
        {
            parking.Asked();
        }
    }

    /// <summary>Step 2 of the class.</summary>
    private async Task<MoveOutcome> ReopenAsync(
        GatewayClient client, SessionState state, ParkedSession parked, ClientHold hold, CancellationToken stopping)
    {
        var retry = FirstRetry;
        while (!parked.HasClientTerminated)
        {
            var changed = views.Changed;
            var (session, choice) = sessions.Open(client.Request);
            var why = choice as RouteChoice.Missing;
            if (session is not null)
            {
                var (relay, problem, isFinal) = await AttemptAsync(client, session, state, parked, stopping);
                if (relay is not null)
                {
                    parking.CountMoved();
                    LogMoved(session.Id, session.Target.Node);
                    return new MoveOutcome.GoesOn(session, relay);
                }

                LogAttemptFailed(session.Target.Node, problem);
                sessions.Close(session);
                why = new RouteChoice.Missing("cannot reach the server: " + problem, null);
                if (isFinal)
                {
                    parking.CountRefused();
                    return new MoveOutcome.Ends(Over("the primary has moved", problem));
                }
            }

            var refusal = await hold.WaitAsync(
                changed, session is null ? Timeout.InfiniteTimeSpan : retry, why!, stopping);
            retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
            if (refusal is not null || hold.ClientHasGone)
            {
                return new MoveOutcome.Ends(refusal);
            }
        }

        return new MoveOutcome.Ends(null);
    }

    private async Task<(SessionRelay? Relay, string Problem, bool IsFinal)> AttemptAsync(
        GatewayClient client, GatewaySession session, SessionState state, ParkedSession parked,
        CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, setup.Time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, session.Abandoned, stopping);
        var opening = await BackendOpening.OpenAsync(session.Target, client.Startup, any.Token);
        if (opening is not BackendOpening.Opened opened)
        {
            return (null, ((BackendOpening.Failed)opening).Why, false);
        }

        var outcome = await SessionOpening.RunAsync(
            opened.Server, opened.FirstBytes, client.LoginKey, state, session.Target.IsPrimary, any.Token);
        if (outcome is SessionOpened.Ready ready)
        {
            var relay = new SessionRelay(
                client.Socket, opened.Server, ready.ForClient, OptionsFor(session, client, parked));
            if (client.Key is { } key && ready.Key is { } backend)
            {
                sessions.LearnKey(session, key, backend);
            }

            if (session.TryRelay(relay))
            {
                return (relay, "", false);
            }

            outcome = new SessionOpened.NotYet($"node {session.Target.Node} may not be used any more");
        }

        opened.Server.Dispose();
        return outcome is SessionOpened.Refused refused
            ? (null, refused.Why, true)
            : (null, ((SessionOpened.NotYet)outcome).Why, false);
    }

    /// <summary>Step 3 of the class.</summary>
    private async Task<MoveOutcome> StayAsync(
        GatewayClient client, GatewaySession session, ParkedSession parked, string obstacle,
        CancellationToken stopping)
    {
        using var hold = new ClientHold(
            client.Socket,
            new HoldLimits(
                new Places(int.MaxValue), "", _options.ParkTimeout, "gateway.park-timeout", SqlState.AdminShutdown),
            setup.Time);
        while (true)
        {
            var changed = views.Changed;
            var view = views.Current;
            if (view is null || session.Target.WhyInvalid(view) is not null)
            {
                var why = view is null ? "nothing is known" : session.Target.WhyInvalid(view)!;
                return End(session, parked, Over(why, obstacle));
            }

            if (!view.IsDraining)
            {
                var relay = new SessionRelay(
                    client.Socket, parked.Server, parked.ServerBytes, OptionsFor(session, client, parked));
                return session.TryRelay(relay)
                    ? new MoveOutcome.GoesOn(session, relay)
                    : End(session, parked, Over("its node may not be used any more", obstacle));
            }

            var refusal = await hold.WaitAsync(
                changed, Timeout.InfiniteTimeSpan, new RouteChoice.Missing("the primary is handing over", null),
                stopping);
            if (refusal is not null || hold.ClientHasGone)
            {
                return End(session, parked, refusal);
            }
        }
    }

    private MoveOutcome.Ends End(GatewaySession session, ParkedSession parked, ServerMessage? reason)
    {
        parked.Server.Dispose();
        sessions.Close(session);
        return new MoveOutcome.Ends(reason);
    }

    private RelayOptions OptionsFor(GatewaySession session, GatewayClient client, ParkedSession parked) => new()
    {
        ServerName = session.Target.Node.Value,
        MustBePrimary = session.Target.IsPrimary,
        Witness = client.Witness,
        Resumed = parked,
        Time = setup.Time,
    };

    private static ServerMessage Over(string why, string obstacle) => ServerMessage.Fatal(
        SqlState.AdminShutdown, "terminating connection: " + why, $"The session could not be moved: {obstacle}.",
        "Connect again.");
}
