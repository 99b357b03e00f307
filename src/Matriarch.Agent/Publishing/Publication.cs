using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// The publishers of this agent: of the global store, and of its cell's where that is another one. They run beside each
/// other, so that a store that hangs keeps nothing from the other.
/// </summary>
internal sealed class Publication(Publisher global, Publisher? cell)
{
    /// <summary>Which stores cannot be used.</summary>
    public StoreFaults Faults => new(global.StoreFault, cell is not null, cell?.StoreFault);

    /// <summary>Publishes a leadership as soon as the stores take it.</summary>
    public void Publish(Term term, int revision, NodeId? primary)
    {
        global.Publish(term, revision, primary);
        cell?.Publish(term, revision, primary);
    }

    /// <summary>Looks at the node's record again now.</summary>
    public void Wake()
    {
        global.Wake();
        cell?.Wake();
    }

    /// <summary>Publishes until cancelled; each of the tasks is one part of the agent.</summary>
    public IEnumerable<Task> Run(CancellationToken cancellation) =>
        cell is null ? [global.RunAsync(cancellation)] : [global.RunAsync(cancellation), cell.RunAsync(cancellation)];

    /// <summary>Publishes once; for the end of the agent.</summary>
    public Task TryAsync(CancellationToken cancellation) =>
        Task.WhenAll(global.TryAsync(cancellation), cell?.TryAsync(cancellation) ?? Task.CompletedTask);
}
