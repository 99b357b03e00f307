using Matriarch.Client;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>
/// One agent, asked by long polls who leads for as long as the gateway runs. What it says goes into the view at once;
/// a poll for what comes next says that the gateway has acted on what it heard, so it is sent only when every session
/// that can be parked is.
/// </summary>
internal sealed partial class AgentFeed(
    Uri endpoint, string gateway, GatewaySetup setup, AgentFeeds feeds, ViewFollower follower, Parking parking,
    ILogger<AgentFeed> logger) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(2);

    private readonly AgentClient _client = new(endpoint, setup.ApiToken!);
    private NodeId _node;
    private volatile bool _isHeard;

    /// <summary>Whether its last poll was answered.</summary>
    public bool IsHeard => _isHeard;

    /// <summary>Asks for the key behind a login.</summary>
    public async Task<AgentAnswer<ClientKeyDocument>> KeyAsync(
        ClientKeyRequest request, CancellationToken cancellation)
    {
        try
        {
            return await _client.ClientKeyAsync(request, cancellation);
        }
        catch (OperationCanceledException)
        {
            return new AgentAnswer<ClientKeyDocument>.Unreachable("no answer in time");
        }
    }

    /// <summary>Asks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        string? mark = null;
        var retry = FirstRetry;
        try
        {
            while (true)
            {
                var answer = await _client.LeadershipAsync(mark, Poll, gateway, cancellation);
                if (answer is AgentAnswer<LeadershipDocument>.Answered { Value: var document }
                    && document.Instance == setup.Instance)
                {
                    mark = document.Mark;
                    retry = FirstRetry;
                    await TakeAsync(document, cancellation);
                    continue;
                }

                mark = null;
                Lose(answer);
                await Task.Delay(Jittered(retry), setup.Time, cancellation);
                retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task TakeAsync(LeadershipDocument document, CancellationToken cancellation)
    {
        if (!_isHeard)
        {
            _isHeard = true;
            LogHeard(endpoint.Authority, document.Node);
        }

        if (NodeId.IsValid(document.Node))
        {
            _node = new NodeId(document.Node);
        }

        feeds.Know(LeadershipWord.NodesOf(document));
        if (LeadershipWord.From(document) is { } word)
        {
            follower.Hear(word);
            follower.Hears(_node, isHeard: true);
        }

        if (document is { IsOwnWord: true, Phase: ServicePhase.Draining })
        {
            await parking.SettledAsync(cancellation);
        }
    }

    private void Lose(AgentAnswer<LeadershipDocument> answer)
    {
        if (!_node.IsNone)
        {
            follower.Hears(_node, isHeard: false);
        }

        if (_isHeard || _node.IsNone)
        {
            var why = answer switch
            {
                AgentAnswer<LeadershipDocument>.Refused refused => refused.Error,
                AgentAnswer<LeadershipDocument>.Unreachable unreachable => unreachable.Reason,
                _ => "it belongs to another instance",
            };
            _isHeard = false;
            LogLost(endpoint.Authority, why);
        }
    }

    /// <summary>Many gateways that lost the same agent at once do not come back at once.</summary>
    private static TimeSpan Jittered(TimeSpan retry) =>
        retry * (0.5 + (System.Security.Cryptography.RandomNumberGenerator.GetInt32(1000) / 1000.0));
}
