using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>Follows the source of cluster views, and ends the sessions that a new view no longer allows.</summary>
internal sealed partial class ViewFollower(
    GatewaySetup setup, ViewTracker views, SessionRegistry sessions, ILogger<ViewFollower> logger) : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;

    public void Start()
    {
        Take(setup.Views.Current);
        _following = Task.Run(FollowAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following;
        _stopping.Dispose();
    }

    private async Task FollowAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await foreach (var view in setup.Views.ChangesAsync(_stopping.Token))
                {
                    Take(view);
                }

                LogSourceEnded();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogSourceFailed(e); // the last view stays, and traffic goes on
            }

            try
            {
                await Task.Delay(RetryAfterFailure, setup.Time, _stopping.Token);
                Take(setup.Views.Current);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Take(Core.ClusterView view)
    {
        var before = views.Current;
        if (views.Offer(view))
        {
            Follow(before);
        }
    }

    /// <summary>An agent has said something of who leads.</summary>
    public void Hear(LeadershipWord word)
    {
        var before = views.Current;
        if (views.Hear(word))
        {
            Follow(before);
        }
    }

    /// <summary>The agent of a node is heard, or is not any more.</summary>
    public void Hears(Core.NodeId node, bool isHeard)
    {
        var before = views.Current;
        if (views.Hears(node, isHeard))
        {
            Follow(before);
        }
    }

    private void Follow(Core.InstanceView? before)
    {
        if (views.Current is not { } now)
        {
            return;
        }

        if (before is null || before.Term != now.Term || before.Primary != now.Primary)
        {
            LogPrimary(now.Name, now.Term, now.Primary?.Value ?? "none");
        }

        var ended = sessions.CheckAll();
        if (ended > 0)
        {
            LogEnded(ended, now.Name, now.Term);
        }
    }
}
