using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>A client's messages, read and written again; null for what is malformed.</summary>
internal static class FrontendReaders
{
    public static IReadOnlyList<(string Name, Func<byte[], byte[]?> Again)> All { get; } =
    [
        ("Query", b => QueryMessage.TryRead(b, out var m)
            ? new FrontendWriter().Query(m.Sql).Bytes.ToArray() : null),
        ("Parse", Parse),
        ("Bind", Bind),
        ("Describe", Describe),
        ("Execute", Execute),
        ("FunctionCall", FunctionCall),
        ("CopyFail", b => CopyFailMessage.TryRead(b, out var m)
            ? new FrontendWriter().CopyFail(m.Reason).Bytes.ToArray() : null),
        ("SaslInitialResponse", SaslInitial),
        ("StandbyStatusUpdate", b => StandbyStatusUpdate.TryParse(b) is { } m && b[^1] < 2 ? m.Encode() : null),
        ("HotStandbyFeedback", b => HotStandbyFeedback.TryParse(b) is { } m ? m.Encode() : null),
        ("CancelRequest", b => CancelKey.TryParse(b) is { } key ? key.ToBackendKeyData() : null),
    ];

    /// <summary>Values as a writer takes them.</summary>
    public static ReadOnlyMemory<byte>?[] Values(FieldValues values)
    {
        var list = new List<ReadOnlyMemory<byte>?>();
        foreach (var value in values)
        {
            list.Add(value.IsNull ? (ReadOnlyMemory<byte>?)null : value.Bytes.ToArray());
        }

        Check.That(list.Count == values.Count, "FieldValues: the count is wrong");
        return [.. list];
    }

    private static byte[]? Parse(byte[] body) => ParseMessage.TryRead(body, out var m)
        ? new FrontendWriter().Parse(m.Name, m.Sql, m.Types.ToArray()).Bytes.ToArray() : null;

    private static byte[]? Bind(byte[] body) => BindMessage.TryRead(body, out var m)
        ? new FrontendWriter()
            .Bind(m.Portal, m.Statement, m.Formats.ToArray(), Values(m.Values), m.ResultFormats.ToArray())
            .Bytes.ToArray()
        : null;

    private static byte[]? Describe(byte[] body) => TargetMessage.TryRead(body, out var m)
        ? new FrontendWriter().Describe(m.Kind, m.Name).Bytes.ToArray() : null;

    private static byte[]? Execute(byte[] body) => ExecuteMessage.TryRead(body, out var m)
        ? new FrontendWriter().Execute(m.Portal, m.MaxRows).Bytes.ToArray() : null;

    private static byte[]? FunctionCall(byte[] body) => FunctionCallMessage.TryRead(body, out var m)
        ? new FrontendWriter().FunctionCall(m.Function, m.Formats.ToArray(), Values(m.Values), m.ResultFormat)
            .Bytes.ToArray()
        : null;

    private static byte[]? SaslInitial(byte[] body) => SaslInitialResponse.TryRead(body, out var m) && !m.Data.IsNull
        ? new FrontendWriter().SaslInitial(m.Mechanism, m.Data.Bytes).Bytes.ToArray() : null;
}
