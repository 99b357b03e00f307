using FsCheck;
using FsCheck.Fluent;
using static Matriarch.Wire.Tests.Generated;

namespace Matriarch.Wire.Tests;

/// <summary>What a client writes is what a server reads.</summary>
public sealed class FrontendMessageTests
{
    [Fact]
    public void Any_parse_survives() => Check(Text.Twice().Zip(Types, (t, y) => (t.First, t.Second, y)), m =>
    {
        var body = BodyOf(new FrontendWriter().Parse(m.First, m.Second, m.y).Bytes, FrontendCode.Parse);
        return ParseMessage.TryRead(body, out var read) && read.Name.SequenceEqual(m.First)
            && read.Sql.SequenceEqual(m.Second) && read.Types.ToArray().SequenceEqual(m.y);
    });

    [Fact]
    public void Any_bind_survives() =>
        Check(Text.Twice().Zip(Formats.Twice(), (t, f) => (t, f)).Zip(Values, (x, v) => (x.t, x.f, v)), m =>
        {
            var body = BodyOf(
                new FrontendWriter().Bind(m.t.First, m.t.Second, m.f.First, m.v.Memory(), m.f.Second).Bytes,
                FrontendCode.Bind);
            return BindMessage.TryRead(body, out var read) && read.Portal.SequenceEqual(m.t.First)
                && read.Statement.SequenceEqual(m.t.Second) && read.Formats.ToArray().SequenceEqual(m.f.First)
                && Same(m.v, Read(read.Values)) && read.ResultFormats.ToArray().SequenceEqual(m.f.Second);
        });

    [Fact]
    public void Any_function_call_survives() =>
        Check(Gen.Choose(0, int.MaxValue).Zip(Formats, (o, f) => ((uint)o, f)).Zip(Values, (x, v) => (x, v)), m =>
        {
            var body = BodyOf(
                new FrontendWriter().FunctionCall(m.x.Item1, m.x.f, m.v.Memory(), 1).Bytes, FrontendCode.FunctionCall);
            return FunctionCallMessage.TryRead(body, out var read) && read.Function == m.x.Item1
                && read.ResultFormat == 1 && read.Formats.ToArray().SequenceEqual(m.x.f)
                && Same(m.v, Read(read.Values));
        });

    [Fact]
    public void Any_text_survives_in_the_messages_that_have_one() => Check(Text, text =>
        QueryMessage.TryRead(BodyOf(new FrontendWriter().Query(text).Bytes, FrontendCode.Query), out var query)
        && query.Sql.SequenceEqual(text)
        && ExecuteMessage.TryRead(
            BodyOf(new FrontendWriter().Execute(text, 7).Bytes, FrontendCode.Execute), out var execute)
        && execute.Portal.SequenceEqual(text) && execute.MaxRows == 7
        && CopyFailMessage.TryRead(
            BodyOf(new FrontendWriter().CopyFail(text).Bytes, FrontendCode.CopyFail), out var fail)
        && fail.Reason.SequenceEqual(text)
        && TargetMessage.TryRead(
            BodyOf(new FrontendWriter().Describe(TargetKind.Portal, text).Bytes, FrontendCode.Describe), out var portal)
        && portal.Kind == TargetKind.Portal && portal.Name.SequenceEqual(text)
        && TargetMessage.TryRead(
            BodyOf(new FrontendWriter().Close(TargetKind.Statement, text).Bytes, FrontendCode.Close), out var statement)
        && statement.Kind == TargetKind.Statement && statement.Name.SequenceEqual(text)
        && SaslInitialResponse.TryRead(
            BodyOf(new FrontendWriter().SaslInitial(text, [1, 0]).Bytes, FrontendCode.Password), out var initial)
        && initial.Mechanism.SequenceEqual(text) && initial.Data.Bytes.SequenceEqual((byte[])[1, 0]));

    [Fact]
    public void Messages_that_are_cut_or_too_long_are_malformed()
    {
        var values = new ReadOnlyMemory<byte>?[] { new byte[] { 1, 0, 2 }, null, Array.Empty<byte>() };
        AssertStrict(Body(w => w.Query("select"u8)), b => QueryMessage.TryRead(b, out _));
        AssertStrict(Body(w => w.Parse("n"u8, "sql"u8, [25, 0])), b => ParseMessage.TryRead(b, out _));
        AssertStrict(Body(w => w.Bind("p"u8, "s"u8, [0, 1], values, [1])), b => BindMessage.TryRead(b, out _));
        AssertStrict(Body(w => w.Describe(TargetKind.Statement, "s"u8)), b => TargetMessage.TryRead(b, out _));
        AssertStrict(Body(w => w.Execute("p"u8, 5)), b => ExecuteMessage.TryRead(b, out _));
        AssertStrict(Body(w => w.FunctionCall(5, [1], values, 0)), b => FunctionCallMessage.TryRead(b, out _));
        AssertStrict(Body(w => w.CopyFail("why"u8)), b => CopyFailMessage.TryRead(b, out _));
        AssertStrict(Body(w => w.SaslInitial("M"u8, "data"u8)), b => SaslInitialResponse.TryRead(b, out _));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(4)]
    public void A_value_never_reaches_beyond_its_message(int length)
    {
        var body = Body(w => w.Bind("p"u8, "s"u8, [], [new byte[] { 1, 2, 3 }], []));
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(4 + 2 + 2), length);
        Assert.False(BindMessage.TryRead(body, out var read));
        Assert.Equal(0, read.Values.Count);
    }

    [Fact]
    public void Counts_that_the_message_has_no_room_for_are_malformed()
    {
        Assert.False(ParseMessage.TryRead([0, 0, 255, 255], out _));
        Assert.False(ParseMessage.TryRead([0, 0, 0x80, 0, 1, 2, 3, 4], out _));
        Assert.False(BindMessage.TryRead([0, 0, 255, 255, 0, 0, 0, 0], out _));
        Assert.False(BindMessage.TryRead([0, 0, 0, 0, 255, 255, 0, 0], out _));
        Assert.False(BindMessage.TryRead([0, 0, 0, 0, 0, 0, 255, 255], out _));
        Assert.False(TargetMessage.TryRead([(byte)'X', 0], out _));
    }

    [Fact]
    public void Formats_are_none_one_for_all_or_one_for_each()
    {
        Assert.Equal([0, 0], FormatsOf([]));
        Assert.Equal([1, 1], FormatsOf([1]));
        Assert.Equal([0, 1], FormatsOf([0, 1]));

        static short[] FormatsOf(short[] formats)
        {
            var body = Body(w => w.Bind(default, default, formats, [], []));
            Assert.True(BindMessage.TryRead(body, out var read));
            return [read.Formats.FormatOf(0), read.Formats.FormatOf(1)];
        }
    }

    [Fact]
    public void A_writer_counts_what_has_to_be_answered_and_can_begin_anew()
    {
        var writer = new FrontendWriter().Query("a"u8).Parse("s"u8, "b"u8, []).Bind().Execute().Sync()
            .FunctionCall(1, [], [], 0).Flush();
        Assert.Equal(3, writer.Requests);
        writer.Clear();
        Assert.Equal((0, 0), (writer.Requests, writer.Bytes.Length));
        Assert.Equal(10, writer.Sync().Terminate().Bytes.Length);
    }

    [Fact]
    public void What_no_message_can_hold_is_the_writers_mistake() =>
        Assert.Throws<OverflowException>(() => new FrontendWriter().Parse("a"u8, "b"u8, new uint[65_536]));

    private static byte[] Body(Action<FrontendWriter> write)
    {
        var writer = new FrontendWriter();
        write(writer);
        return writer.Bytes[MessageHeader.Size..].ToArray();
    }

    private static void Check<T>(Gen<T> values, Func<T, bool> holds) =>
        Prop.ForAll(values.ToArbitrary(), holds).QuickCheckThrowOnFailure();
}
