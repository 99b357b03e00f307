using System.Runtime.CompilerServices;
using Matriarch.Core;
using Matriarch.Topology;
using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>The cluster views of a topology store, followed for as long as this object lives.</summary>
public sealed class TopologyViews : IClusterViewSource, IAsyncDisposable
{
    private readonly ClusterViewWatcher _watcher;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    /// <param name="store">Stays the caller's.</param>
    /// <param name="loggers">Where logs go.</param>
    public TopologyViews(ITopologyStore store, ILoggerFactory loggers)
    {
        _watcher = new ClusterViewWatcher(store, loggers.CreateLogger<ClusterViewWatcher>());
        _running = Task.Run(() => _watcher.RunAsync(_stopping.Token));
    }

    /// <summary>
    /// Ends when following does: after disposal, or with the error of a bug, since every outage is waited out.
    /// </summary>
    public Task Completion => _running;

    public ClusterView Current => _watcher.Current;

    public async IAsyncEnumerable<ClusterView> ChangesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        await using var views = _watcher.WatchAsync(either.Token).GetAsyncEnumerator(either.Token);
        while (true)
        {
            var next = views.MoveNextAsync().AsTask();
            if (await Task.WhenAny(next, _running) == _running && _running.IsFaulted)
            {
                // The watcher waits out outages itself, so this is a bug, and must not look like silence.
                await either.CancelAsync();
                await Task.WhenAny(next);
                await _running;
            }

            if (!await next)
            {
                yield break;
            }

            yield return views.Current;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // That is how following ends.
        }

        _stopping.Dispose();
    }
}
