using Microsoft.Extensions.Logging;

namespace Matriarch.Proxy;

/// <summary>
/// Several reactors, one for each core that is to serve clients. A client goes to the one with the fewest and stays
/// there; with the kernel's own spreading (SO_REUSEPORT) few clients would often meet on one.
/// </summary>
internal sealed class ReactorGroup : IDisposable
{
    private readonly Reactor[] _reactors;

    /// <param name="count">At least 1.</param>
    /// <param name="name">Of their threads.</param>
    /// <param name="time">Their clock.</param>
    /// <param name="logger">Of faults.</param>
    public ReactorGroup(int count, string name, TimeProvider time, ILogger<Reactor> logger)
    {
        _reactors = [.. Enumerable.Range(0, count).Select(i => new Reactor($"{name}-{i}", time, logger))];
        Array.ForEach(_reactors, r => r.Start());
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Reactor> All => _reactors;

    /// <summary>The one with the fewest sockets.</summary>
    public Reactor Fewest()
    {
        var fewest = _reactors[0];
        foreach (var reactor in _reactors)
        {
            if (reactor.Sockets < fewest.Sockets)
            {
                fewest = reactor;
            }
        }

        return fewest;
    }

    public void Dispose() => Array.ForEach(_reactors, r => r.Dispose());
}
