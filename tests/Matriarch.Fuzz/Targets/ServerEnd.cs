using Matriarch.Proxy;

namespace Matriarch.Fuzz;

/// <summary>The server's direction of a relay: holds what was received and not decided.</summary>
internal sealed class ServerEnd(ServerStream stream)
{
    private readonly List<byte> _forwarded = [];
    private byte[] _held = [];

    public ServerStream Stream => stream;

    /// <summary>What the client got.</summary>
    public byte[] Forwarded => [.. _forwarded];

    /// <summary>Takes a piece; false when the session is over.</summary>
    public bool Take(byte[] piece)
    {
        _held = [.. _held, .. piece];
        var most = (_held.Length * 2) + 8;
        for (var steps = 0; ; steps++)
        {
            Check.That(steps <= most, "a server stream without an end");
            var step = stream.Scan(_held);
            Check.That(
                step.Forward >= 0 && step.Drop >= 0 && step.Forward <= _held.Length - step.Drop,
                "forwarded or left out what was not received");
            _forwarded.AddRange(_held.AsSpan(0, step.Forward));
            _forwarded.AddRange(step.Insert ?? []);
            _held = _held[(step.Forward + step.Drop)..];
            switch (step.Next)
            {
                case ServerNext.Receive:
                    Check.That(_held.Length < ServerStream.MaxInspected, "more is held than is looked at");
                    return true;
                case ServerNext.Violation or ServerNext.End:
                    return false;
            }
        }
    }
}
