using System.Net.Sockets;
using Matriarch.Wire;

namespace Matriarch.Proxy;

/// <summary>A cancel request, which comes on a connection of its own.</summary>
internal sealed partial class PooledClient
{
    private static readonly TimeSpan CancelDeadline = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Passes it on to the backend that works for this client now, and to no other: not where none does, and not while
    /// a transaction is being committed, whose wait for replication it would end.
    /// </summary>
    public async Task CancelAsync()
    {
        if (Server is not { Key: { } key } server || _isExchanging || _ledger.IsCommitting)
        {
            return;
        }

        // The backend may get its next client before the request reaches it; so it is kept until the server has taken
        // the request, which it tells by closing the connection.
        var messenger = new Messenger(Reactor);
        _cancelsUnderWay++;
        try
        {
            messenger.Attach(SocketCalls.Connect(server.Pool.Address));
            messenger.SetDeadline(CancelDeadline);
            if (await messenger.ConnectedAsync() && await messenger.SendAllAsync(StartupRequests.Cancel(key)))
            {
                await messenger.ReceiveAsync(new byte[1]);
            }
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // It does not reach the server; the statement goes on.
        }
        finally
        {
            messenger.Break();
            _cancelsUnderWay--;
            ReleaseAfterCancel();
        }
    }

    private sealed class Messenger(Reactor reactor) : ReactorConnection(reactor)
    {
        protected override void OnRelay()
        {
            // Only ever awaited.
        }

        protected override void OnBroken()
        {
            // Nobody depends on it.
        }
    }
}
