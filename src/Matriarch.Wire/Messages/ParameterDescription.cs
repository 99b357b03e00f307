namespace Matriarch.Wire;

/// <summary>ParameterDescription: the types of a statement's parameters.</summary>
public readonly ref struct ParameterDescription
{
    private ParameterDescription(Words32 types) => Types = types;

    /// <summary>Object ids.</summary>
    public Words32 Types { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ParameterDescription message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Counted32(out var types) && reader.IsAtEnd;
        message = isWhole ? new ParameterDescription(types) : default;
        return isWhole;
    }
}
