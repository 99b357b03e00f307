using FsCheck;
using FsCheck.Fluent;
using static Matriarch.Wire.Tests.Generated;

namespace Matriarch.Wire.Tests;

/// <summary>A statement gets another name, and nothing else changes.</summary>
public sealed class StatementRenameTests
{
    private delegate byte[] Make(byte[] name);

    private static readonly Make[] Makers =
    [
        name => new FrontendWriter().Parse(name, "SELECT $1"u8, [25]).Bytes.ToArray(),
        name => new FrontendWriter().Bind("portal"u8, name, [1], [new byte[] { 0, 1 }, null], [0]).Bytes.ToArray(),
        name => new FrontendWriter().Describe(TargetKind.Statement, name).Bytes.ToArray(),
        name => new FrontendWriter().Close(TargetKind.Statement, name).Bytes.ToArray(),
    ];

    [Fact]
    public void The_message_is_the_one_that_has_the_new_name() => Prop.ForAll(
        Text.Twice().ToArbitrary(),
        names => Makers.All(make => Rename(make(names.First), names.First, names.Second) is { } renamed
            && renamed.AsSpan().SequenceEqual(make(names.Second)))).QuickCheckThrowOnFailure();

    [Fact]
    public void The_name_is_found_as_soon_as_it_is_there_wherever_the_message_is_cut()
    {
        foreach (var make in Makers)
        {
            var message = make("old"u8.ToArray());
            MessageHeader.TryRead(message, out var header);
            var body = message[MessageHeader.Size..];
            var found = 0;
            for (var length = 0; length <= body.Length; length++)
            {
                switch (StatementRename.TryRead(header, body.AsSpan(0, length), out var rename))
                {
                    case StatementRenameRead.Found:
                        found++;
                        Assert.Equal(message.Length, rename.Replaced + rename.Rest);
                        Assert.Equal("old"u8, rename.Name);
                        break;
                    case StatementRenameRead.Incomplete:
                        Assert.Equal(0, found);
                        break;
                    default:
                        Assert.Fail($"{(char)header.Code} cut at {length}");
                        break;
                }
            }

            Assert.True(found > 0);
        }
    }

    [Fact]
    public void What_names_no_statement_is_left_alone()
    {
        AssertRead(StatementRenameRead.None, new FrontendWriter().Describe(TargetKind.Portal, "p"u8));
        AssertRead(StatementRenameRead.None, new FrontendWriter().Close(TargetKind.Portal, "p"u8));
        AssertRead(StatementRenameRead.None, new FrontendWriter().Execute("p"u8, 0));
        AssertRead(StatementRenameRead.None, new FrontendWriter().Query("SELECT"u8));
        AssertRead(StatementRenameRead.None, new FrontendWriter().Sync());
    }

    [Theory]
    [InlineData(FrontendCode.Parse, "name")]
    [InlineData(FrontendCode.Parse, "")]
    [InlineData(FrontendCode.Bind, "portal")]
    [InlineData(FrontendCode.Bind, "portal\0statement")]
    [InlineData(FrontendCode.Describe, "")]
    [InlineData(FrontendCode.Describe, "Sname")]
    public void A_name_without_an_end_is_malformed_and_what_follows_is_not_read(byte code, string body)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(body);
        var header = new MessageHeader(code, bytes.Length);
        Assert.Equal(StatementRenameRead.Malformed, StatementRename.TryRead(header, bytes, out _));
        Assert.Equal(StatementRenameRead.Malformed, StatementRename.TryRead(header, [.. bytes, 0, 0, 0], out _));
    }

    [Fact]
    public void A_message_that_would_become_too_long_is_not_written()
    {
        var header = new MessageHeader(FrontendCode.Parse, MessageHeader.MaxBodyLength);
        Assert.Equal(StatementRenameRead.Found, StatementRename.TryRead(header, "a\0"u8, out var rename));
        Assert.False(rename.WriteHead("ab"u8, new byte[100]));
        Assert.True(rename.WriteHead("b"u8, new byte[100]));
        Assert.True(rename.WriteHead(""u8, new byte[100]));
    }

    private static byte[]? Rename(byte[] message, byte[] old, byte[] name)
    {
        Assert.Equal(HeaderRead.Ok, MessageHeader.TryRead(message, out var header));
        var read = StatementRename.TryRead(header, message.AsSpan(MessageHeader.Size), out var rename);
        Assert.Equal(StatementRenameRead.Found, read);
        Assert.True(rename.Name.SequenceEqual(old));
        Assert.Equal(message.Length, rename.Replaced + rename.Rest);
        var head = new byte[rename.HeadLength(name.Length)];
        return rename.WriteHead(name, head) ? [.. head, .. message.AsSpan(rename.Replaced)] : null;
    }

    private static void AssertRead(StatementRenameRead expected, FrontendWriter writer)
    {
        MessageHeader.TryRead(writer.Bytes.Span, out var header);
        Assert.Equal(
            expected, StatementRename.TryRead(header, writer.Bytes.Span[MessageHeader.Size..], out _));
    }
}
