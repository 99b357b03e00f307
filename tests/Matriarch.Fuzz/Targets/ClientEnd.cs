using Matriarch.Proxy;
using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>The client's direction of a relay: holds what was received and not forwarded.</summary>
internal sealed class ClientEnd(ClientStream stream, RequestLedger ledger, bool oneRequest)
{
    private byte[] _held = [];

    public ClientStream Stream => stream;

    /// <summary>Bytes that the server got.</summary>
    public int Forwarded { get; private set; }

    /// <summary>Takes a piece; false when the session is over.</summary>
    public bool Take(byte[] piece)
    {
        _held = [.. _held, .. piece];
        var most = (_held.Length / MessageHeader.Size) + 2;
        for (var steps = 0; ; steps++)
        {
            Check.That(steps <= most, "a client stream without an end");
            if (!ledger.Note(stream, _held, oneRequest, out var step))
            {
                return false;
            }

            Check.That(step.Forward >= 0 && step.Forward <= _held.Length, "forwarded what was not received");
            Forwarded += step.Forward;
            _held = _held[step.Forward..];
            if (step.Violation is not null)
            {
                return false;
            }

            if (!step.IsRequestEnd)
            {
                return true;
            }
        }
    }
}
