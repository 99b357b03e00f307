using System.Collections.Concurrent;
using Matriarch.Client;
using Matriarch.Core;
using Matriarch.Wire;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>
/// How old the data of each replica may be, asked of its agent several times within the bound that the operator has
/// set. An answer is dated by when it was asked for, not by when it came, so a slow network makes a replica look
/// older, never younger; without answers it grows older by this gateway's own clock. Without a bound nobody is asked.
/// </summary>
internal sealed class StalenessWatch(GatewaySetup setup, ViewTracker views, ILogger<StalenessWatch> logger)
    : IAsyncDisposable
{
    /// <summary>Agents beyond this many are not asked.</summary>
    private const int MostAgents = 64;

    private const int AsksWithinBound = 8;
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a new session waits for an answer that was asked for after its connection was made.</summary>
    private static readonly TimeSpan OpeningPatience = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<NodeId, (long AskedAt, TimeSpan? Then)> _known = new();
    private readonly ConcurrentDictionary<NodeId, (Uri Endpoint, AgentClient Client)> _agents = new();
    private readonly Dictionary<NodeId, Task> _asking = [];
    private readonly List<AgentClient> _clients = [];
    private Task _running = Task.CompletedTask;

    /// <summary>Whether the operator has set a bound.</summary>
    public bool IsBounded => Bound > TimeSpan.Zero;

    private TimeSpan Bound => setup.Options.MaxReplicaStaleness;

    /// <summary>Begins to ask, where there is a bound.</summary>
    /// <exception cref="UserException">There is one, and no token to ask with.</exception>
    public void Start()
    {
        if (!IsBounded)
        {
            return;
        }

        if (setup.ApiToken is null)
        {
            throw new UserException(
                "gateway.max-replica-staleness: the agents cannot be asked without the cluster's API token",
                "Set secrets.directory to the directory with the file api-token, or leave the bound away.");
        }

        _running = Task.Run(RunAsync);
    }

    /// <summary>How old the data of a node may be now; null when its agent does not know, or was never heard.</summary>
    public TimeSpan? Of(NodeId node) =>
        _known.TryGetValue(node, out var told) ? told.Then + setup.Time.GetElapsedTime(told.AskedAt) : null;

    /// <summary>Why no transaction may begin on a replica now; null when one may.</summary>
    public ServerMessage? Refusal(NodeId node)
    {
        var age = Of(node);
        return !IsBounded || age <= Bound ? null : ServerMessage.Fatal(
            SqlState.AdminShutdown, $"terminating connection: {StalenessText.Of(node, age)}",
            $"A transaction may begin on a replica that is at most {StalenessText.Seconds(Bound)} stale "
                + "(gateway.max-replica-staleness).",
            "Connect again.");
    }

    /// <summary>
    /// Why a session that has just been connected to a replica may not begin; null when it may. What was known before
    /// may be of a server that has ended since: one that starts again lets clients in before it has replayed all that
    /// it had, and its agent knows that before it starts it. So the agent is asked once more. One that does not answer
    /// has started nothing.
    /// </summary>
    public async Task<string?> WhyNotOpenAsync(NodeId node, CancellationToken cancellation)
    {
        if (!IsBounded)
        {
            return null;
        }

        if (_agents.TryGetValue(node, out var agent))
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var timer = Task.Delay(OpeningPatience, setup.Time, patience.Token);
            await Task.WhenAny(AskAsync(node, agent.Client), timer);
            await patience.CancelAsync();
        }

        var age = Of(node);
        return age <= Bound ? null : StalenessText.Of(node, age);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await Task.WhenAll(_asking.Values);
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var interval = Bound / AsksWithinBound;
        interval = interval < ShortestInterval ? ShortestInterval
            : interval > LongestInterval ? LongestInterval : interval;
        try
        {
            while (true)
            {
                foreach (var node in views.Current?.Nodes ?? [])
                {
                    Ask(node);
                }

                await Task.Delay(interval, setup.Time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    /// <summary>Asks, unless the last question to this node is still open.</summary>
    private void Ask(NodeView node)
    {
        if (node.Role == NodeRole.Primary || node.Api is not { } api || AgentAddress.TryParse(api) is not { } endpoint
            || (_asking.TryGetValue(node.Name, out var last) && !last.IsCompleted))
        {
            return;
        }

        if (!_agents.TryGetValue(node.Name, out var agent) || agent.Endpoint != endpoint)
        {
            if (_clients.Count >= MostAgents)
            {
                return;
            }

            agent = (endpoint, new AgentClient(endpoint, setup.ApiToken!));
            _clients.Add(agent.Client); // kept to the end: a session may be asking with the one before
            _agents[node.Name] = agent;
        }

        _asking[node.Name] = AskAsync(node.Name, agent.Client);
    }

    private async Task AskAsync(NodeId node, AgentClient client)
    {
        var askedAt = setup.Time.GetTimestamp();
        try
        {
            // One that does not answer only grows older.
            var answer = await client.StalenessAsync(_stopping.Token);
            if (answer is AgentAnswer<StalenessDocument>.Answered { Value: var told } && told.Node == node.Value)
            {
                var then = told.Seconds is { } seconds and >= 0 ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
                _known.AddOrUpdate(
                    node, _ => (askedAt, then), (_, known) => known.AskedAt > askedAt ? known : (askedAt, then));
            }
        }
        catch (Exception e) when (_stopping.IsCancellationRequested
            && e is OperationCanceledException or ObjectDisposedException)
        {
            // The gateway stops.
        }
        catch (Exception e)
        {
            StalenessLog.Failed(logger, e, node); // a bug; the replica only grows older by it
        }
    }
}
