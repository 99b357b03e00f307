using System.Text;
using Matriarch.Wire;

namespace Matriarch.Proxy.Tests;

/// <summary>Messages of both sides, for scripts in tests.</summary>
internal static class Messages
{
    /// <summary>What PostgreSQL 15 sends when a cancel interrupts the wait for replication, in a German
    /// session.</summary>
    public static readonly byte[] InterruptedWait =
        (new ServerMessage("WARNING", "01000", "storniere Warten auf synchrone Replikation")
    {
        File = "syncrep.c", Routine = "SyncRepWaitForLSN",
    }).ToNoticeResponse();

    public static byte[] Message(byte code, string body = "") => Message(code, Encoding.UTF8.GetBytes(body));

    public static byte[] Message(byte code, byte[] body)
    {
        var message = new byte[MessageHeader.Size + body.Length];
        new MessageHeader(code, body.Length).Write(message);
        body.CopyTo(message, MessageHeader.Size);
        return message;
    }

    public static byte[] Complete(string tag) => Message(BackendCode.CommandComplete, tag + "\0");

    public static byte[] Ready(TransactionStatus status = TransactionStatus.Idle) => ReadyForQuery.Encode(status);

    public static byte[] Row(int bytes = 3) => Message(BackendCode.DataRow, new string('r', bytes));

    public static byte[] Query(string sql) => Message(FrontendCode.Query, sql + "\0");

    public static byte[] Parse(string name, string sql) => Message(FrontendCode.Parse, name + "\0" + sql + "\0\0\0");

    public static byte[] Bind(string portal, string statement) =>
        Message(FrontendCode.Bind, portal + "\0" + statement + "\0\0\0\0\0\0\0");

    public static byte[] Execute(string portal) => Message(FrontendCode.Execute, portal + "\0\0\0\0\0");

    public static byte[] Sync() => Message(FrontendCode.Sync);

    /// <summary>One after another.</summary>
    public static byte[] Join(params byte[][] messages) => [.. messages.SelectMany(m => m)];

    /// <summary>The codes of the messages, errors with their SQLSTATE: <c>E40003 Z</c>.</summary>
    public static string Outline(ReadOnlySpan<byte> bytes)
    {
        var words = new List<string>();
        while (!bytes.IsEmpty)
        {
            Assert.Equal(HeaderRead.Ok, MessageHeader.TryRead(bytes, out var header));
            var body = bytes.Slice(MessageHeader.Size, header.BodyLength);
            var state = header.Code == BackendCode.ErrorResponse ? ServerMessage.TryParse(body)?.SqlState : "";
            words.Add((char)header.Code + state);
            bytes = bytes[header.TotalLength..];
        }

        return string.Join(' ', words);
    }
}
