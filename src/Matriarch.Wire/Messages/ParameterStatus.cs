using System.Text;

namespace Matriarch.Wire;

/// <summary>A setting that the server reports (PostgreSQL documentation, "ParameterStatus").</summary>
/// <param name="Name">ASCII.</param>
/// <param name="Value">As the server's bytes, taken for Latin-1: every byte comes back as it was.</param>
public sealed record ParameterStatus(string Name, string Value)
{
    /// <summary>Reads the body; null when it is malformed.</summary>
    public static ParameterStatus? TryParse(ReadOnlySpan<byte> body) =>
        CString.TryTake(ref body, out var name) && CString.TryTake(ref body, out var value) && body.IsEmpty
            ? new ParameterStatus(Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value))
            : null;

    /// <summary>The message, header included.</summary>
    public byte[] ToMessage()
    {
        var body = Encoding.Latin1.GetBytes($"{Name}\0{Value}\0");
        var message = new byte[MessageHeader.Size + body.Length];
        new MessageHeader(BackendCode.ParameterStatus, body.Length).Write(message);
        body.CopyTo(message, MessageHeader.Size);
        return message;
    }
}
