using System.Threading.Channels;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// Makes promises durable off the consensus thread, since an fsync may take long. The latest promise replaces those
/// that wait: it is never lower than they.
/// </summary>
internal sealed class PromiseWriter(IdentityFile file, NodeIdentity identity, Action<ConsensusEvent> post)
{
    private readonly Channel<Promise> _waiting = Channel.CreateBounded<Promise>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Lock _changing = new();
    private NodeIdentity _identity = identity;

    /// <summary>What is durable now.</summary>
    public NodeIdentity Identity => Volatile.Read(ref _identity);

    /// <summary>Asks for a promise to be made durable.</summary>
    public void Write(Promise promise) => _waiting.Writer.TryWrite(promise);

    /// <summary>Remembers whose data this node holds, from now on and for ever.</summary>
    public void Remember(SystemIdentifier system)
    {
        if (Identity.System != system)
        {
            Change(i => i with { System = system });
        }
    }

    /// <summary>
    /// Writes until cancelled. A disk that refuses ends the agent: a promise that is not durable is none.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var promise in _waiting.Reader.ReadAllAsync(cancellation))
            {
                Change(i => i with { Promise = promise });
                post(new ConsensusEvent.Persisted(promise));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The agent ends; what was not written was not promised either.
        }
    }

    private void Change(Func<NodeIdentity, NodeIdentity> change)
    {
        lock (_changing)
        {
            var next = change(_identity);
            file.Write(next);
            Volatile.Write(ref _identity, next);
        }
    }
}
