using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>
/// Every reader on every body, also on those of other messages: what one takes for well-formed is, written again, the
/// same bytes.
/// </summary>
internal sealed class ReadersTarget : IFuzzTarget
{
    public string Name => "readers";

    public void Play(Script script, Random random)
    {
        foreach (var (_, bytes) in script.Parts)
        {
            foreach (var (_, body) in Pieces.Messages(bytes))
            {
                ReadAll(body);
            }

            var cut = random.Next(bytes.Length + 1);
            ReadAll(bytes[cut..Math.Min(bytes.Length, cut + random.Next(64))]);
        }
    }

    private static void ReadAll(byte[] body)
    {
        foreach (var (name, again) in FrontendReaders.All.Concat(BackendReaders.All))
        {
            if (again(body) is { } message)
            {
                Check.That(
                    MessageHeader.TryRead(message, out var header) == HeaderRead.Ok
                        && header.TotalLength == message.Length,
                    $"{name}: the writer's header is wrong");
                Check.That(
                    message.AsSpan(MessageHeader.Size).SequenceEqual(body), $"{name}: written again it is another one");
            }
        }

        if (ServerMessage.TryParse(body) is { } error)
        {
            var again = ServerMessage.TryParse(error.ToErrorResponse().AsSpan(MessageHeader.Size));
            Check.That(error == again, "ServerMessage: written again it is another one");
        }

        if (NegotiateProtocolVersion.TryParse(body) is { } versions)
        {
            Check.That(
                NegotiateProtocolVersion.TryParse(versions.Encode().AsSpan(MessageHeader.Size))?.UnknownOptions.Length
                    == versions.UnknownOptions.Length,
                "NegotiateProtocolVersion: written again it is another one");
        }

        _ = SaslPrep.Prepare(body.AsSpan(0, Math.Min(body.Length, 64)));
        _ = TlsServerEndPoint.TryCompute(body);
        _ = ScramVerifier.TryParse(System.Text.Encoding.Latin1.GetString(body));
    }
}
