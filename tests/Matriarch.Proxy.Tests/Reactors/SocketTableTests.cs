using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Proxy.Tests;

public sealed class SocketTableTests : IDisposable
{
    private readonly Reactor _reactor = new("test", TimeProvider.System, NullLogger<Reactor>.Instance);
    private readonly SocketTable _table = new();

    [Fact]
    public void Each_socket_is_found_by_its_word()
    {
        var sockets = Enumerable.Range(0, 200).Select(_ => new Silent(_reactor)).ToArray();
        var words = sockets.Select(_table.Add).ToArray();

        Assert.Distinct(words);
        Assert.Equal(200, _table.Count);
        Assert.All(sockets.Zip(words), p => Assert.Same(p.First, _table.Find(p.Second)));
    }

    [Fact]
    public void The_word_of_a_place_that_another_has_by_now_finds_nobody()
    {
        var (first, second) = (new Silent(_reactor), new Silent(_reactor));
        var old = _table.Add(first);
        _table.Remove(first);
        Assert.Null(_table.Find(old));

        var word = _table.Add(second);
        Assert.Equal(first.Slot, second.Slot);
        Assert.Null(_table.Find(old));
        Assert.Same(second, _table.Find(word));
    }

    public void Dispose() => _reactor.Dispose();

    private sealed class Silent(Reactor reactor) : ReactorSocket(reactor)
    {
        protected override void OnReady()
        {
            // Nothing comes.
        }
    }
}
