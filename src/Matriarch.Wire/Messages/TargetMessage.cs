namespace Matriarch.Wire;

/// <summary>Describe or Close, which have the same body.</summary>
public readonly ref struct TargetMessage
{
    private TargetMessage(TargetKind kind, ReadOnlySpan<byte> name)
    {
        Kind = kind;
        Name = name;
    }

    /// <summary>What is meant.</summary>
    public TargetKind Kind { get; }

    /// <summary>Empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TargetMessage message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Word8(out var kind) & reader.Text(out var name) && reader.IsAtEnd
            && (TargetKind)kind is TargetKind.Statement or TargetKind.Portal;
        message = isWhole ? new TargetMessage((TargetKind)kind, name) : default;
        return isWhole;
    }
}
