namespace Matriarch.Wire;

/// <summary>Any of the Authentication messages.</summary>
public readonly ref struct AuthenticationMessage
{
    private AuthenticationMessage(int kind, ReadOnlySpan<byte> data)
    {
        Kind = kind;
        Data = data;
    }

    /// <summary>See <see cref="AuthenticationKind"/>.</summary>
    public int Kind { get; }

    /// <summary>What the kind has behind it: mechanisms, a salt, a message of SASL.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Reads the body; false when it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out AuthenticationMessage message)
    {
        var reader = new BodyReader(body);
        var isWhole = reader.Word32(out var kind);
        message = isWhole ? new AuthenticationMessage((int)kind, reader.Rest) : default;
        return isWhole;
    }

    /// <summary>Whether AuthenticationSASL offers a mechanism.</summary>
    public bool Offers(ReadOnlySpan<byte> mechanism)
    {
        var rest = Data;
        while (Kind == AuthenticationKind.Sasl && CString.TryTake(ref rest, out var offered) && !offered.IsEmpty)
        {
            if (offered.SequenceEqual(mechanism))
            {
                return true;
            }
        }

        return false;
    }
}
