namespace Matriarch.Proxy.Tests;

/// <summary>Sends back what it receives, and holds at most one buffer of what the other side does not take.</summary>
internal sealed class Echo(Reactor reactor, bool oneBufferATurn = false) : ReactorSocket(reactor)
{
    private readonly byte[] _left = new byte[Reactor.BufferBytes];
    private int _from;
    private int _to;

    public long Echoed { get; private set; }

    protected override void OnReady()
    {
        while (Flush())
        {
            var count = Receive(Reactor.Buffer);
            switch (count)
            {
                case SocketCalls.WouldBlock:
                    return;
                case SocketCalls.Lost or 0:
                    Close();
                    return;
            }

            Reactor.Buffer.AsSpan(0, count).CopyTo(_left);
            (_from, _to) = (0, count);
            if (oneBufferATurn)
            {
                Reactor.Again(this);
                return;
            }
        }
    }

    private bool Flush()
    {
        while (_from < _to)
        {
            var sent = Send(_left.AsSpan(_from.._to));
            if (sent == SocketCalls.Lost)
            {
                Close();
                return false;
            }

            if (sent == 0)
            {
                return false;
            }

            _from += sent;
            Echoed += sent;
        }

        return true;
    }
}
