using System.Buffers.Binary;
using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace Matriarch.Wire.Tests;

public sealed class MessageTests
{
    [Theory]
    [InlineData(0u, HeaderRead.Invalid)]
    [InlineData(3u, HeaderRead.Invalid)]
    [InlineData(4u, HeaderRead.Ok)]
    [InlineData(0x3FFFFFFFu, HeaderRead.Ok)]
    [InlineData(0x40000000u, HeaderRead.Invalid)]
    [InlineData(0x7FFFFFFFu, HeaderRead.Invalid)]
    [InlineData(0x80000000u, HeaderRead.Invalid)]
    [InlineData(0xFFFFFFFFu, HeaderRead.Invalid)]
    public void Header_lengths_cannot_overflow(uint length, HeaderRead expected)
    {
        var bytes = new byte[5];
        bytes[0] = (byte)'D';
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), length);
        Assert.Equal(expected, MessageHeader.TryRead(bytes, out var header));
        if (expected == HeaderRead.Ok)
        {
            Assert.Equal((long)length + 1, header.TotalLength);
            var again = new byte[5];
            header.Write(again);
            Assert.Equal(bytes, again);
        }
    }

    [Fact]
    public void A_header_is_incomplete_until_its_fifth_byte()
    {
        for (var length = 0; length < 5; length++)
        {
            Assert.Equal(HeaderRead.Incomplete, MessageHeader.TryRead(new byte[length], out _));
        }
    }

    [Fact]
    public void Errors_survive_encoding_and_parsing_with_all_their_fields()
    {
        var error =
            ServerMessage.Error("40003", "message", "detail", "hint") with { File = "syncrep.c", Routine = "R" };
        var bytes = error.ToErrorResponse();
        Assert.Equal(HeaderRead.Ok, MessageHeader.TryRead(bytes, out var header));
        Assert.Equal((BackendCode.ErrorResponse, bytes.Length), (header.Code, header.TotalLength));
        Assert.Equal(error, ServerMessage.TryParse(bytes.AsSpan(MessageHeader.Size)));
        Assert.False(error.IsFatal);
        Assert.True(ServerMessage.Fatal("57P01", "x").IsFatal);
    }

    [Fact]
    public void Any_texts_survive_in_an_error()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), ArbMap.Default.ArbFor<string>(), (message, detail) =>
        {
            var clean = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(message ?? "")).Replace(
                '\0', ' ');
            var parsed = ServerMessage.TryParse(
                ServerMessage.Error("XX000", message ?? "", detail).ToNoticeResponse().AsSpan(MessageHeader.Size));
            return parsed?.Message == clean;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Truncated_errors_are_malformed_at_every_byte()
    {
        var body = ServerMessage.Fatal("57P01", "message", "detail").ToErrorResponse().AsSpan(MessageHeader.Size);
        for (var length = 0; length < body.Length; length++)
        {
            Assert.Null(ServerMessage.TryParse(body[..length]));
        }
    }

    [Fact]
    public void The_untranslated_severity_wins_over_the_translated_one()
    {
        var message = ServerMessage.TryParse("SWARNUNG\0VWARNING\0C01000\0MText\0qunknown field\0\0"u8);
        Assert.Equal("WARNING", message?.Severity);
    }

    [Theory]
    [InlineData(TransactionStatus.Idle)]
    [InlineData(TransactionStatus.InTransaction)]
    [InlineData(TransactionStatus.Failed)]
    public void Ready_for_query_tells_the_status(TransactionStatus status) =>
        Assert.Equal(status, ReadyForQuery.TryParse(ReadyForQuery.Encode(status).AsSpan(MessageHeader.Size)));

    [Fact]
    public void Other_ready_for_query_bodies_are_malformed()
    {
        Assert.Null(ReadyForQuery.TryParse([]));
        Assert.Null(ReadyForQuery.TryParse("X"u8));
        Assert.Null(ReadyForQuery.TryParse("II"u8));
    }

    [Fact]
    public void Version_negotiation_survives_and_is_malformed_when_cut()
    {
        var body = new NegotiateProtocolVersion(ProtocolVersion.Version30, ["_pq_.one", "_pq_.two"]).Encode().AsSpan(
            MessageHeader.Size);
        var parsed = NegotiateProtocolVersion.TryParse(body);
        Assert.Equal(ProtocolVersion.Version30, parsed?.Newest);
        Assert.Equal(["_pq_.one", "_pq_.two"], parsed?.UnknownOptions ?? []);
        for (var length = 0; length < body.Length; length++)
        {
            Assert.Null(NegotiateProtocolVersion.TryParse(body[..length]));
        }
    }

    [Fact]
    public void Garbage_never_throws()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            ServerMessage.TryParse(bytes);
            ReadyForQuery.TryParse(bytes);
            NegotiateProtocolVersion.TryParse(bytes);
            CancelKey.TryParse(bytes);
            MessageHeader.TryRead(bytes, out _);
        }).QuickCheckThrowOnFailure();
    }
}
