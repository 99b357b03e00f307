using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>A server's messages, read and written again; null for what is malformed.</summary>
internal static class BackendReaders
{
    public static IReadOnlyList<(string Name, Func<byte[], byte[]?> Again)> All { get; } =
    [
        ("RowDescription", Description),
        ("DataRow", b => DataRow.TryRead(b, out var m)
            ? new BackendWriter().Row(FrontendReaders.Values(m)).Bytes.ToArray() : null),
        ("CommandComplete", Complete),
        ("ParameterDescription", Parameters),
        ("CopyResponse", Copy),
        ("NotificationResponse", Notification),
        ("FunctionCallResponse", b => FunctionCallResponse.TryRead(b, out var m)
            ? new BackendWriter().FunctionCallResponse(m.ToArray() is { } v ? v : (ReadOnlyMemory<byte>?)null)
                .Bytes.ToArray()
            : null),
        ("ParameterStatus", b => ParameterStatus.TryParse(b) is { } m ? m.ToMessage() : null),
        ("ReadyForQuery", b => ReadyForQuery.TryParse(b) is { } m ? ReadyForQuery.Encode(m) : null),
        ("XLogData", b => XLogData.TryRead(b, out var m) ? XLogData.Encode(m.Start, m.End, m.SentAt, m.Data) : null),
        ("PrimaryKeepalive", b => PrimaryKeepalive.TryParse(b) is { } m && b[^1] < 2 ? m.Encode() : null),
    ];

    private static byte[]? Description(byte[] body)
    {
        if (!RowDescription.TryRead(body, out var description))
        {
            return null;
        }

        var columns = new List<RowColumn>();
        foreach (var field in description)
        {
            columns.Add(field.ToColumn());
        }

        Check.That(columns.Count == description.Count, "RowDescription: the count is wrong");
        return new BackendWriter().RowDescription([.. columns]).Bytes.ToArray();
    }

    private static byte[]? Complete(byte[] body)
    {
        if (!CommandComplete.TryRead(body, out var complete))
        {
            return null;
        }

        Check.That(complete.Rows is null or >= 0, "CommandComplete: fewer rows than none");
        return new BackendWriter().CommandComplete(complete.Tag).Bytes.ToArray();
    }

    private static byte[]? Parameters(byte[] body) => ParameterDescription.TryRead(body, out var m)
        ? new BackendWriter().ParameterDescription(m.Types.ToArray()).Bytes.ToArray() : null;

    private static byte[]? Copy(byte[] body) => CopyResponse.TryRead(body, out var m)
        ? new BackendWriter().CopyResponse(BackendCode.CopyOutResponse, m.Format, m.ColumnFormats.ToArray())
            .Bytes.ToArray()
        : null;

    private static byte[]? Notification(byte[] body) => NotificationResponse.TryRead(body, out var m)
        ? new BackendWriter().Notification(m.ProcessId, m.Channel, m.Payload).Bytes.ToArray() : null;
}
