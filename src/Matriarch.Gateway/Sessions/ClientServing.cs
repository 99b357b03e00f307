using System.Net.Sockets;
using Matriarch.Core;
using Matriarch.Proxy;
using Matriarch.Wire;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>
/// Serves one client from its first byte to its last:
/// <list type="number">
/// <item>read the startup packet, within a deadline;</item>
/// <item>a cancel request is passed on to where its session is, and that was all;</item>
/// <item>choose a node; while there is none, or it cannot be reached, hold the client, until the window is over;</item>
/// <item>send the startup packet with the plain database name, and relay: authentication is between client and
/// node.</item>
/// </list>
/// Up to the first relayed byte everything can be tried again, on the same node or another.
/// </summary>
internal sealed partial class ClientServing(
    GatewaySetup setup, ViewTracker views, SessionRegistry sessions, SessionMover mover, StalenessWatch staleness,
    ILogger<ClientServing> logger)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly GatewayOptions _options = setup.Options;

    /// <summary>Places for clients with a startup packet.</summary>
    public Places Clients { get; } = new(setup.Options.MaxClients);

    /// <summary>Places for those that wait for a node.</summary>
    public Places Held { get; } = new(setup.Options.MaxHeldClients);

    /// <summary>Serves a client and closes its socket. Never throws for what the client does.</summary>
    /// <param name="client">Just accepted.</param>
    /// <param name="stopping">The gateway stops: who is not yet relayed is refused.</param>
    public async Task ServeAsync(Socket client, CancellationToken stopping)
    {
        try
        {
            BackendOpening.Prepare(client);
            var packet = await ReadStartupAsync(client, stopping);
            switch (packet)
            {
                case StartupPacket.Startup startup:
                    await ServeStartupAsync(client, startup.Message, stopping);
                    break;
                case StartupPacket.CancelRequest cancel:
                    await PassOnCancelAsync(cancel.Key, stopping);
                    break;
                case StartupPacket.Malformed malformed:
                    await RefuseAsync(client, ServerMessage.Fatal(malformed.SqlState, malformed.Message));
                    break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            LogClientLost(e.Message);
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task<StartupPacket?> ReadStartupAsync(Socket client, CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(_options.StartupTimeout, setup.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping);
        try
        {
            return await StartupReader.ReadAsync(client, both.Token);
        }
        catch (OperationCanceledException)
        {
            return stopping.IsCancellationRequested
                ? new StartupPacket.Malformed(SqlState.AdminShutdown, "the gateway is shutting down")
                : new StartupPacket.Malformed(SqlState.ProtocolViolation, "no startup packet came in time");
        }
    }

    private async Task ServeStartupAsync(Socket client, StartupMessage message, CancellationToken stopping)
    {
        if (!Clients.TryTake())
        {
            await RefuseAsync(client, ServerMessage.Fatal(
                SqlState.TooManyConnections, "sorry, too many clients already",
                $"The gateway serves at most {_options.MaxClients} clients (gateway.max-clients)."));
            return;
        }

        using var known = new GatewayClient(client, message);
        try
        {
            if (await ConnectAsync(known, stopping) is { } connection)
            {
                await RelayAsync(known, connection.Session, connection.Relay, stopping);
            }
        }
        finally
        {
            Clients.GiveBack();
        }
    }

    /// <summary>Step 3 of the class: null when the client was refused or has gone.</summary>
    private async Task<(GatewaySession Session, SessionRelay Relay)?> ConnectAsync(
        GatewayClient client, CancellationToken stopping)
    {
        using var hold = new ClientHold(
            client.Socket,
            new HoldLimits(
                Held, "gateway.max-held-clients", _options.WaitForPrimary, "gateway.wait-for-primary",
                SqlState.CannotConnectNow),
            setup.Time);
        var retry = FirstRetry;
        while (true)
        {
            var changed = views.Changed;
            var (session, choice) = sessions.Open(client.Request);
            if (choice is RouteChoice.Unknown unknown)
            {
                await RefuseAsync(
                    client.Socket, ServerMessage.Fatal(SqlState.InvalidCatalogName, unknown.Why, hint: unknown.Hint));
                return null;
            }

            var why = choice as RouteChoice.Missing;
            if (session is not null)
            {
                var attempt = await AttemptAsync(client, session, stopping);
                if (attempt.Relay is { } relay)
                {
                    return (session, relay);
                }

                why = new RouteChoice.Missing("cannot reach the server: " + attempt.Why, null);
                LogAttemptFailed(session.Target.Node, attempt.Why);
                sessions.Close(session);
            }

            // Without a node only a new view helps; with one that failed, or is too stale, time may.
            var patience = session is null && !why!.ComesWithTime ? Timeout.InfiniteTimeSpan : retry;
            retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
            var refusal = await hold.WaitAsync(changed, patience, why!, stopping);
            if (refusal is not null)
            {
                await RefuseAsync(client.Socket, refusal);
                return null;
            }

            if (hold.ClientHasGone)
            {
                return null;
            }
        }
    }

    private async Task<(SessionRelay? Relay, string Why)> AttemptAsync(
        GatewayClient client, GatewaySession session, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, setup.Time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, session.Abandoned, stopping);
        var opening = await BackendOpening.OpenAsync(session.Target, client.Startup, any.Token);
        if (opening is not BackendOpening.Opened opened)
        {
            return (null, ((BackendOpening.Failed)opening).Why);
        }

        if (!session.Target.IsPrimary
            && await staleness.WhyNotOpenAsync(session.Target.Node, any.Token) is { } tooStale)
        {
            opened.Server.Dispose();
            return (null, tooStale);
        }

        var options = new RelayOptions
        {
            ServerName = session.Target.Node.Value,
            MustBePrimary = session.Target.IsPrimary,
            Witness = client.Witness,
            Time = setup.Time,
            Admission = session.Target.IsPrimary || !staleness.IsBounded
                ? null : () => staleness.Refusal(session.Target.Node),
        };
        var relay = new SessionRelay(
            client.Socket, opened.Server, opened.FirstBytes, options, key => Learn(client, session, key));
        if (session.TryRelay(relay))
        {
            return (relay, "");
        }

        opened.Server.Dispose(); // not the relay, which would close the client as well
        return (null, $"node {session.Target.Node} may not be used any more");
    }

    private void Learn(GatewayClient client, GatewaySession session, CancelKey key)
    {
        client.Key = key;
        sessions.LearnKey(session, key, key);
    }

    /// <summary>Relays to the end of the client, from node to node where switchovers move it.</summary>
    private async Task RelayAsync(
        GatewayClient client, GatewaySession session, SessionRelay relay, CancellationToken stopping)
    {
        while (await RelayAsync(session, relay) is RelayEnd.Parked parked)
        {
            var outcome = await mover.MoveAsync(client, session, parked.Session, stopping);
            if (outcome is not MoveOutcome.GoesOn next)
            {
                if (outcome is MoveOutcome.Ends { Reason: { } reason })
                {
                    await RefuseAsync(client.Socket, reason);
                }

                return;
            }

            (session, relay) = (next.Session, next.Relay);
        }
    }

    /// <summary>A parked session stays open, for who moves it.</summary>
    private async Task<RelayEnd?> RelayAsync(GatewaySession session, SessionRelay relay)
    {
        LogOpened(session.Id, session.Target.Node, session.Target.IsPrimary);
        RelayEnd? end = null;
        try
        {
            sessions.Recheck(session);
            end = await relay.RunAsync();
            LogClosed(session.Id, session.Target.Node, end, relay.BytesToServer, relay.BytesToClient);
            return end;
        }
        finally
        {
            if (end is not RelayEnd.Parked)
            {
                sessions.Close(session);
            }
        }
    }

    private async Task PassOnCancelAsync(CancelKey key, CancellationToken stopping)
    {
        if (sessions.Find(key) is not { BackendKey: { } backend } session)
        {
            LogCancelUnknown();
            return;
        }

        if (session.IsCommitting)
        {
            LogCancelDuringCommit(session.Id);
            return;
        }

        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, setup.Time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(session.Target.Host, session.Target.Port, any.Token);
            await server.SendAllAsync(StartupRequests.Cancel(backend), any.Token);

            // The server closes once the signal is sent: only then may our client believe it.
            await server.ReceiveAsync(new byte[1], SocketFlags.None, any.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            LogCancelFailed(session.Id, session.Target.Node, e.Message);
        }
    }

    private async Task RefuseAsync(Socket client, ServerMessage reason)
    {
        LogRefused(reason.SqlState, reason.Message);
        using var deadline = new CancellationTokenSource(Farewell, setup.Time);
        try
        {
            await client.SendAllAsync(reason.ToErrorResponse(), deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return; // it does not read
        }

        await LingeringClose.CloseAsync(client, Farewell, setup.Time);
    }
}
