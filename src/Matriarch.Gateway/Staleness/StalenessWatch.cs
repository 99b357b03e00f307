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

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<NodeId, (long AskedAt, TimeSpan Then)> _known = new();
    private readonly Dictionary<NodeId, (Uri Endpoint, AgentClient Client, Task Asking)> _agents = [];
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

    /// <summary>How old the data of a node may be now; null when its agent has not told.</summary>
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

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        foreach (var (_, client, asking) in _agents.Values)
        {
            await asking;
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
                    await AskAsync(node);
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
    private async Task AskAsync(NodeView node)
    {
        if (node.Role == NodeRole.Primary || node.Api is not { } api || AgentAddress.TryParse(api) is not { } endpoint)
        {
            return;
        }

        if (_agents.TryGetValue(node.Name, out var agent))
        {
            if (!agent.Asking.IsCompleted)
            {
                return;
            }

            await agent.Asking;
            if (agent.Endpoint != endpoint)
            {
                agent.Client.Dispose();
                agent = (endpoint, new AgentClient(endpoint, setup.ApiToken!), Task.CompletedTask);
            }
        }
        else if (_agents.Count < MostAgents)
        {
            agent = (endpoint, new AgentClient(endpoint, setup.ApiToken!), Task.CompletedTask);
        }
        else
        {
            return;
        }

        _agents[node.Name] = agent with { Asking = AskAsync(node.Name, agent.Client) };
    }

    private async Task AskAsync(NodeId node, AgentClient client)
    {
        var askedAt = setup.Time.GetTimestamp();
        try
        {
            if (await client.StalenessAsync(_stopping.Token) is not AgentAnswer<StalenessDocument>.Answered answer
                || answer.Value.Node != node.Value)
            {
                return; // it only grows older
            }

            if (answer.Value.Seconds is { } seconds and >= 0)
            {
                _known[node] = (askedAt, TimeSpan.FromSeconds(seconds));
            }
            else
            {
                _known.TryRemove(node, out _);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The gateway stops.
        }
        catch (Exception e)
        {
            StalenessLog.Failed(logger, e, node); // a bug; the replica only grows older by it
        }
    }
}
