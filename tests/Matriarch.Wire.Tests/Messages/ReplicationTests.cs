using FsCheck;
using FsCheck.Fluent;
using Matriarch.Core;
using static Matriarch.Wire.Tests.Generated;

namespace Matriarch.Wire.Tests;

/// <summary>What CopyData carries in streaming replication.</summary>
public sealed class ReplicationTests
{
    [Fact]
    public void Any_piece_of_wal_survives() => Prop.ForAll<ulong, long, byte[]>((position, time, data) =>
    {
        var content = BodyOf(
            XLogData.Encode(new Lsn(position), new Lsn(~position), time, data), BackendCode.CopyData);
        return XLogData.TryRead(content, out var read) && read.Start.Value == position && read.End.Value == ~position
            && read.SentAt == time && read.Data.SequenceEqual(data)
            && Enumerable.Range(0, XLogData.HeaderSize).All(n => !XLogData.TryRead(content.AsSpan(0, n), out _));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_reports_survive() => Prop.ForAll<ulong, long, bool>((position, time, reply) =>
    {
        var keepalive = new PrimaryKeepalive(new Lsn(position), time, reply);
        var status = new StandbyStatusUpdate(
            new Lsn(position), new Lsn(~position), new Lsn(position >> 1), time, reply);
        var feedback = new HotStandbyFeedback(time, (uint)position, 1, (uint)(position >> 32), 2);
        return PrimaryKeepalive.TryParse(BodyOf(keepalive.Encode(), BackendCode.CopyData)) == keepalive
            && StandbyStatusUpdate.TryParse(BodyOf(status.Encode(), FrontendCode.CopyData)) == status
            && HotStandbyFeedback.TryParse(BodyOf(feedback.Encode(), FrontendCode.CopyData)) == feedback;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reports_that_are_cut_too_long_or_of_another_kind_are_none()
    {
        var keepalive = Content(new PrimaryKeepalive(new Lsn(1), 2, true).Encode());
        var status = Content(new StandbyStatusUpdate(new Lsn(1), new Lsn(2), new Lsn(3), 4, false).Encode());
        var feedback = Content(new HotStandbyFeedback(1, 2, 3, 4, 5).Encode());
        AssertStrict(keepalive, b => PrimaryKeepalive.TryParse(b) is not null);
        AssertStrict(status, b => StandbyStatusUpdate.TryParse(b) is not null);
        AssertStrict(feedback, b => HotStandbyFeedback.TryParse(b) is not null);
        foreach (var content in new[] { keepalive, status, feedback })
        {
            content[0] = (byte)'?';
            Assert.Null(PrimaryKeepalive.TryParse(content));
            Assert.Null(StandbyStatusUpdate.TryParse(content));
            Assert.Null(HotStandbyFeedback.TryParse(content));
            Assert.False(XLogData.TryRead(content, out _));
        }
    }

    private static byte[] Content(byte[] message) => message[MessageHeader.Size..];
}
