using System.Security.Cryptography;
using Matriarch.Client;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>
/// Keeps one <see cref="AgentFeed"/> open to every agent that is known: those of <c>gateway.agents</c>, those that any
/// view has named, and those that other agents name. An address once known is kept, so that an outage of the store, or
/// one that was wiped, takes no agent away.
/// </summary>
internal sealed class AgentFeeds(
    GatewaySetup setup, ViewTracker views, ViewFollower follower, Parking parking, ILogger<AgentFeed> logger)
    : IAsyncDisposable
{
    /// <summary>Agents beyond this many are not asked.</summary>
    private const int MostAgents = 64;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (AgentFeed Feed, Task Running)> _feeds =
        new(StringComparer.OrdinalIgnoreCase);
    private readonly string _name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private Task _watching = Task.CompletedTask;

    /// <summary>The addresses that are asked.</summary>
    public IReadOnlyList<string> Addresses
    {
        get
        {
            lock (_lock)
            {
                return [.. _feeds.Keys];
            }
        }
    }

    /// <summary>Begins to ask. Without an API token there is nobody to ask.</summary>
    public void Start()
    {
        if (setup.ApiToken is null)
        {
            return;
        }

        foreach (var address in setup.Options.Agents)
        {
            Ask(address);
        }

        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Asks the agents of these nodes too.</summary>
    public void Know(IEnumerable<NodeView> nodes)
    {
        foreach (var node in nodes)
        {
            if (node.Api is { } address)
            {
                Ask(address);
            }
        }
    }

    /// <summary>
    /// Asks the agents, one after the other, for the key behind a login; the first that can tell decides.
    /// </summary>
    /// <returns>The key, or why there is none.</returns>
    public async Task<(byte[]? Key, string Problem)> AskKeyAsync(
        ClientKeyRequest request, CancellationToken cancellation)
    {
        AgentFeed[] feeds;
        lock (_lock)
        {
            feeds = [.. _feeds.Values.Select(f => f.Feed).OrderByDescending(f => f.IsHeard)];
        }

        var problem = "no agent is known";
        foreach (var feed in feeds)
        {
            switch (await feed.KeyAsync(request, cancellation))
            {
                case AgentAnswer<ClientKeyDocument>.Answered { Value.ClientKey: var key }:
                    return (Convert.FromBase64String(key), "");
                case AgentAnswer<ClientKeyDocument>.Refused refused:
                    problem = refused.Error;
                    break;
                case AgentAnswer<ClientKeyDocument>.Unreachable unreachable:
                    problem = unreachable.Reason;
                    break;
            }
        }

        return (null, problem);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        Task[] feeds;
        lock (_lock)
        {
            feeds = [.. _feeds.Values.Select(f => f.Running)];
        }

        await Task.WhenAll(feeds);
        foreach (var (feed, _) in _feeds.Values)
        {
            feed.Dispose();
        }

        _stopping.Dispose();
    }

    private void Ask(string address)
    {
        if (AgentAddress.TryParse(address) is not { } endpoint)
        {
            return;
        }

        lock (_lock)
        {
            if (_feeds.Count < MostAgents && !_stopping.IsCancellationRequested
                && !_feeds.ContainsKey(endpoint.Authority))
            {
                var feed = new AgentFeed(endpoint, _name, setup, this, follower, parking, logger);
                _feeds.Add(endpoint.Authority, (feed, Task.Run(() => feed.RunAsync(_stopping.Token))));
            }
        }
    }

    private async Task WatchAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var changed = views.Changed;
            Know(views.Current?.Nodes ?? []);
            try
            {
                await changed.WaitAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
