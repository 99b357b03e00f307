using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>
/// The first bytes of a connection: each step consumes what it says and no more, in a bounded number of steps, and
/// never begins TLS while there are bytes in clear behind the request.
/// </summary>
internal sealed class OpeningTarget : IFuzzTarget
{
    private const int MostSteps = 8; // two requests, TLS, and a packet are the most that a client can have

    public string Name => "opening";

    public void Play(Script script, Random random)
    {
        var bytes = script.Of(Side.Opening);
        var mode = (TlsMode)random.Next(4);
        var opening = new ServerOpening(mode);
        var held = Array.Empty<byte>();
        var steps = 0;
        foreach (var piece in Pieces.Of(bytes, random))
        {
            held = [.. held, .. piece];
            while (opening.Take(held) is not OpeningStep.Receive and var step)
            {
                Check.That(++steps <= MostSteps, "an opening without an end");
                if (Consumed(step, held.Length, mode) is not { } consumed)
                {
                    return;
                }

                held = held[consumed..];
            }

            Check.That(
                held.Length < TlsClientHello.MaxLength, "it waits for more than any opening can have");
        }

        var client = new ClientTls((TlsMode)random.Next(4), random.Next(2) == 0);
        client.Begin();
        Check.That(
            client.Take(bytes) != ClientTlsStep.StartTls || bytes.Length == 1, "TLS begins behind bytes in clear");
    }

    /// <summary>How many bytes the step consumed; null when the opening is over.</summary>
    private static int? Consumed(OpeningStep step, int available, TlsMode mode)
    {
        switch (step)
        {
            case OpeningStep.Answer answer:
                Check.That(answer is { Byte: (byte)'N', Consumed: 8 } && available >= 8, "an answer to no request");
                return answer.Consumed;
            case OpeningStep.StartTls tls:
                Check.That(mode != TlsMode.Disable, "TLS although it is disabled");
                Check.That(
                    tls.SendS ? tls.Consumed == available : tls.Consumed == 0, "TLS begins behind bytes in clear");
                return tls.SendS ? tls.Consumed : available;
            case OpeningStep.Packet packet:
                Check.That(packet.Consumed <= available, "more consumed than was there");
                Check.That(packet.Content is StartupPacket.Startup or StartupPacket.CancelRequest, "no packet");
                return null;
            default:
                return null;
        }
    }
}
