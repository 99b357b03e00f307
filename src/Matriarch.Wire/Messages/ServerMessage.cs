using System.Text;

namespace Matriarch.Wire;

/// <summary>
/// The content of an ErrorResponse or NoticeResponse (PostgreSQL documentation, "Error and Notice Message Fields").
/// Texts may be in the server's language; <see cref="Severity"/>, <see cref="SqlState"/>, <see cref="File"/> and
/// <see cref="Routine"/> never are.
/// </summary>
public sealed record ServerMessage(string Severity, string SqlState, string Message)
{
    /// <summary>A second sentence with the particulars (field D); null when there is none.</summary>
    public string? Detail { get; init; }

    /// <summary>What a person may do about it (field H); null when there is nothing to say.</summary>
    public string? Hint { get; init; }

    /// <summary>The source file of the server that reported it, without folder.</summary>
    public string? File { get; init; }

    /// <summary>The C function that reported it.</summary>
    public string? Routine { get; init; }

    /// <summary>True when the server ends the session after it.</summary>
    public bool IsFatal => Severity is "FATAL" or "PANIC";

    /// <summary>Ends a session.</summary>
    public static ServerMessage Fatal(string sqlState, string message, string? detail = null, string? hint = null) =>
        new("FATAL", sqlState, message) { Detail = detail, Hint = hint };

    /// <summary>Ends a statement.</summary>
    public static ServerMessage Error(string sqlState, string message, string? detail = null, string? hint = null) =>
        new("ERROR", sqlState, message) { Detail = detail, Hint = hint };

    /// <summary>Reads the body of an ErrorResponse or NoticeResponse; null when it is malformed. Unknown fields are
    /// skipped.</summary>
    public static ServerMessage? TryParse(ReadOnlySpan<byte> body)
    {
        string? severity = null, localSeverity = null, state = null, text = null;
        string? detail = null, hint = null, file = null, routine = null;
        var rest = body;
        while (!rest.IsEmpty && rest[0] != 0)
        {
            var field = rest[0];
            rest = rest[1..];
            if (!CString.TryTake(ref rest, out var bytes))
            {
                return null;
            }

            var value = Encoding.UTF8.GetString(bytes);
            switch ((char)field)
            {
                case 'V': severity = value; break;
                case 'S': localSeverity = value; break;
                case 'C': state = value; break;
                case 'M': text = value; break;
                case 'D': detail = value; break;
                case 'H': hint = value; break;
                case 'F': file = value; break;
                case 'R': routine = value; break;
                default: break;
            }
        }

        severity ??= localSeverity;
        return rest.Length != 1 || severity is null || state is null || text is null
            ? null
            : new ServerMessage(severity, state, text) { Detail = detail, Hint = hint, File = file, Routine = routine };
    }

    /// <summary>As an ErrorResponse, header included.</summary>
    public byte[] ToErrorResponse() => Encode(BackendCode.ErrorResponse);

    /// <summary>As a NoticeResponse, header included.</summary>
    public byte[] ToNoticeResponse() => Encode(BackendCode.NoticeResponse);

    private byte[] Encode(byte code)
    {
        var bytes = new List<byte>(256);
        bytes.AddRange(stackalloc byte[MessageHeader.Size]);
        Add('S', Severity);
        Add('V', Severity);
        Add('C', SqlState);
        Add('M', Message);
        Add('D', Detail);
        Add('H', Hint);
        Add('F', File);
        Add('R', Routine);
        bytes.Add(0);
        var message = bytes.ToArray();
        new MessageHeader(code, message.Length - MessageHeader.Size).Write(message);
        return message;

        void Add(char field, string? value)
        {
            if (value is not null)
            {
                bytes.Add((byte)field);
                CString.Append(bytes, value);
            }
        }
    }
}
