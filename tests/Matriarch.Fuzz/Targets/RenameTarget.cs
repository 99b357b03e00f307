using Matriarch.Wire;

namespace Matriarch.Fuzz;

/// <summary>A statement's name is replaced and nothing else: read again, the message has the new name and the same
/// rest.</summary>
internal sealed class RenameTarget : IFuzzTarget
{
    private static readonly byte[] NewName = "M_12345"u8.ToArray();

    public string Name => "rename";

    public void Play(Script script, Random random)
    {
        foreach (var (code, body) in Pieces.Messages(script.Of(Side.Client)))
        {
            var header = new MessageHeader(code, body.Length);
            var whole = StatementRename.TryRead(header, body, out var rename);
            var there = random.Next(body.Length + 1);
            var part = StatementRename.TryRead(header, body.AsSpan(0, there), out _);
            Check.That(part == whole || part == StatementRenameRead.Incomplete, "a part tells something else");
            Check.That(whole != StatementRenameRead.Incomplete, "a whole message is incomplete");
            if (whole == StatementRenameRead.Found)
            {
                Check.That(rename.Replaced + rename.Rest == body.Length + MessageHeader.Size, "bytes are lost");
                CheckRenamed(header, body, rename);
            }
        }
    }

    private static void CheckRenamed(MessageHeader header, byte[] body, StatementRename rename)
    {
        var head = new byte[rename.HeadLength(NewName.Length)];
        Check.That(rename.WriteHead(NewName, head), "a short name made it too long");
        byte[] renamed = [.. head, .. body.AsSpan(rename.Replaced - MessageHeader.Size)];
        Check.That(
            MessageHeader.TryRead(renamed, out var again) == HeaderRead.Ok && again.Code == header.Code
                && again.TotalLength == renamed.Length,
            "the new header is wrong");
        var read = StatementRename.TryRead(again, renamed.AsSpan(MessageHeader.Size), out var renamedAgain);
        Check.That(
            read == StatementRenameRead.Found && renamedAgain.Name.SequenceEqual(NewName)
                && renamedAgain.Rest == rename.Rest,
            "the new message has another name or another rest");
    }
}
