using FsCheck;
using FsCheck.Fluent;
using static Matriarch.Wire.Tests.Generated;

namespace Matriarch.Wire.Tests;

/// <summary>What a server writes is what a client reads.</summary>
public sealed class BackendMessageTests
{
    private static readonly RowColumn Column = new("name"u8.ToArray(), 23, 4)
    {
        Table = 16_384, Number = -1, TypeModifier = 12, Format = 1,
    };

    [Fact]
    public void Any_row_survives() => Check(Values, values =>
    {
        var body = BodyOf(new BackendWriter().Row(values.Memory()).Bytes, BackendCode.DataRow);
        return DataRow.TryRead(body, out var read) && Same(values, Read(read))
            && Same(values, [.. DataRow.TryParse(body)!]);
    });

    [Fact]
    public void A_null_among_texts_is_null_and_an_empty_text_is_not()
    {
        Assert.True(DataRow.TryRead(Body(w => w.TextRow("a", null, "")), out var values));
        Assert.True(Same(["a"u8.ToArray(), null, []], Read(values)));
    }

    [Fact]
    public void Any_description_of_a_row_survives() => Check(Text.ArrayOf(), names =>
    {
        var columns = names.Select(n => Column with { Name = n }).ToArray();
        var body = BodyOf(new BackendWriter().RowDescription(columns).Bytes, BackendCode.RowDescription);
        return RowDescription.TryRead(body, out var read) && ReadColumns(read).Zip(columns).All(p =>
            p.First.Name.Span.SequenceEqual(p.Second.Name.Span)
            && p.First with { Name = default } == p.Second with { Name = default });
    });

    [Fact]
    public void Any_description_of_parameters_survives() => Check(Types, types =>
        ParameterDescription.TryRead(
            BodyOf(new BackendWriter().ParameterDescription(types).Bytes, BackendCode.ParameterDescription),
            out var read)
        && read.Types.ToArray().SequenceEqual(types));

    [Fact]
    public void Any_copy_response_survives() => Check(Formats, formats =>
        CopyResponse.TryRead(
            BodyOf(
                new BackendWriter().CopyResponse(BackendCode.CopyInResponse, 1, formats).Bytes,
                BackendCode.CopyInResponse),
            out var read)
        && read.Format == 1 && read.ColumnFormats.ToArray().SequenceEqual(formats));

    [Fact]
    public void Any_texts_survive_in_the_messages_that_have_some() => Check(Text.Twice(), t =>
        NotificationResponse.TryRead(
            BodyOf(new BackendWriter().Notification(-7, t.First, t.Second).Bytes, BackendCode.NotificationResponse),
            out var notification)
        && notification.ProcessId == -7 && notification.Channel.SequenceEqual(t.First)
        && notification.Payload.SequenceEqual(t.Second)
        && CommandComplete.TryRead(
            BodyOf(new BackendWriter().CommandComplete(t.First).Bytes, BackendCode.CommandComplete), out var complete)
        && complete.Tag.SequenceEqual(t.First) && complete.Rows is null or >= 0
        && FunctionCallResponse.TryRead(
            BodyOf(new BackendWriter().FunctionCallResponse(t.First).Bytes, BackendCode.FunctionCallResponse),
            out var value)
        && !value.IsNull && value.Bytes.SequenceEqual(t.First)
        && AuthenticationMessage.TryRead(
            BodyOf(new BackendWriter().SaslContinue(t.First).Bytes, BackendCode.Authentication), out var challenge)
        && challenge.Kind == AuthenticationKind.SaslContinue && challenge.Data.SequenceEqual(t.First)
        && ParameterStatus.TryParse(
            BodyOf(new BackendWriter().ParameterStatus(t.First, t.Second).Bytes, BackendCode.ParameterStatus))
            is not null);

    [Fact]
    public void Messages_that_are_cut_or_too_long_are_malformed()
    {
        AssertStrict(Body(w => w.Row(new byte[] { 1, 0 }, null)), b => DataRow.TryRead(b, out _));
        AssertStrict(Body(w => w.RowDescription(Column, Column)), b => RowDescription.TryRead(b, out _));
        AssertStrict(Body(w => w.CommandComplete("SELECT 1"u8)), b => CommandComplete.TryRead(b, out _));
        AssertStrict(Body(w => w.ParameterDescription(1, 2)), b => ParameterDescription.TryRead(b, out _));
        AssertStrict(
            Body(w => w.CopyResponse(BackendCode.CopyOutResponse, 0, 0, 1)), b => CopyResponse.TryRead(b, out _));
        AssertStrict(Body(w => w.Notification(1, "c"u8, "p"u8)), b => NotificationResponse.TryRead(b, out _));
        AssertStrict(Body(w => w.FunctionCallResponse(new byte[] { 5 })), b => FunctionCallResponse.TryRead(b, out _));
        AssertStrict(Body(w => w.ParameterStatus("n"u8, "v"u8)), b => ParameterStatus.TryParse(b) is not null);
        AssertStrict(
            Body(w => w.Error(ServerMessage.Error("XX000", "m", "d", "h"))),
            b => ServerMessage.TryParse(b) is not null);
        AssertStrict(Body(w => w.Ready(TransactionStatus.Failed)), b => ReadyForQuery.TryParse(b) is not null);
    }

    [Theory]
    [InlineData("SELECT 5", 5L)]
    [InlineData("INSERT 0 17", 17L)]
    [InlineData("COPY 12345678901", 12345678901L)]
    [InlineData("BEGIN", null)]
    [InlineData("", null)]
    [InlineData("SELECT -5", null)]
    [InlineData("SELECT 5x", null)]
    [InlineData("SELECT 99999999999999999999", null)]
    public void The_tag_tells_the_rows(string tag, long? rows)
    {
        Assert.True(CommandComplete.TryRead([.. System.Text.Encoding.ASCII.GetBytes(tag), 0], out var read));
        Assert.Equal(rows, read.Rows);
    }

    [Fact]
    public void Mechanisms_are_found_in_the_list_only()
    {
        var body = Body(w => w.Sasl("A", "B"));
        Assert.True(AuthenticationMessage.TryRead(body, out var sasl));
        Assert.True(sasl.Offers("A"u8) && sasl.Offers("B"u8));
        Assert.False(sasl.Offers("C"u8) || sasl.Offers(""u8) || sasl.Offers("AB"u8));
        Assert.True(AuthenticationMessage.TryRead(Body(w => w.AskMd5Password("A\0\0\0"u8)), out var md5));
        Assert.False(md5.Offers("A"u8));
    }

    private static List<RowColumn> ReadColumns(RowDescription description)
    {
        var columns = new List<RowColumn>();
        foreach (var field in description)
        {
            columns.Add(field.ToColumn());
        }

        Assert.Equal(description.Count, columns.Count);
        return columns;
    }

    private static byte[] Body(Action<BackendWriter> write)
    {
        var writer = new BackendWriter();
        write(writer);
        return writer.Bytes[MessageHeader.Size..].ToArray();
    }

    private static void Check<T>(Gen<T> values, Func<T, bool> holds) =>
        Prop.ForAll(values.ToArbitrary(), holds).QuickCheckThrowOnFailure();
}
