using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>
/// Reads the cluster's events from whichever agent answers. They come from several writers, so one with a smaller id
/// may appear late: the feed asks again for the newest stretch it has seen and tells each event once.
/// </summary>
internal sealed class EventFeed(LocalCluster cluster) : IDisposable
{
    /// <summary>The most that an agent gives at once.</summary>
    public const int MostAtOnce = 1000;

    private const int Overlap = 50;

    private readonly AgentClient[] _clients = [.. cluster.Nodes.Select(cluster.Connect)];
    private readonly SortedSet<string> _seen = new(StringComparer.Ordinal);
    private string _oldest = "";
    private int _next;

    /// <summary>
    /// Events not told yet, in the order of their times; null when no agent answered. The first call sets where the
    /// story begins: nothing older is told later.
    /// </summary>
    /// <exception cref="UserException">Agents answer, but cannot read the events.</exception>
    public async Task<IReadOnlyList<EventEntry>?> ReadAsync(int limit, CancellationToken cancellation)
    {
        var after = _seen.Count > Overlap ? _seen.ElementAt(_seen.Count - Overlap - 1) : null;
        for (var attempt = 0; attempt < _clients.Length; attempt++)
        {
            var answer = await _clients[_next].EventsAsync(after, limit, cancellation);
            if (answer.ValueOrDefault is { } document)
            {
                return Remember(document.Events);
            }

            if (answer is AgentAnswer<EventsDocument>.Refused refused)
            {
                throw new UserException(refused.Error, refused.WhatToDo);
            }

            _next = (_next + 1) % _clients.Length;
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private List<EventEntry> Remember(IReadOnlyList<EventEntry> events)
    {
        var isNew = events
            .Where(e => string.CompareOrdinal(e.Id, _oldest) >= 0 && !_seen.Contains(e.Id))
            .OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal).ToList();
        if (_oldest.Length == 0 && isNew.Count > 0)
        {
            _oldest = isNew.Min(e => e.Id)!;
        }

        _seen.UnionWith(isNew.Select(e => e.Id));
        while (_seen.Count > MostAtOnce)
        {
            _seen.Remove(_seen.Min!);
        }

        return isNew;
    }
}
