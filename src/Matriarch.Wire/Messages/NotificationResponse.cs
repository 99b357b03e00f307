namespace Matriarch.Wire;

/// <summary>NotificationResponse: somebody notified a channel that the session listens on.</summary>
public readonly ref struct NotificationResponse
{
    private NotificationResponse(int processId, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> payload)
    {
        ProcessId = processId;
        Channel = channel;
        Payload = payload;
    }

    /// <summary>Of the backend that notified.</summary>
    public int ProcessId { get; }

    /// <summary>In the session's encoding.</summary>
    public ReadOnlySpan<byte> Channel { get; }

    /// <summary>In the session's encoding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out NotificationResponse message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Word32(out var process) & reader.Text(out var channel) & reader.Text(out var payload)
            && reader.IsAtEnd;
        message = isWhole ? new NotificationResponse((int)process, channel, payload) : default;
        return isWhole;
    }
}
