using System.Collections.Immutable;
using Matriarch.Agent;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent.Tests;

public sealed class MessageCodecTests
{
    private static readonly NodeId A = new("a");
    private static readonly NodeId B = new("b");

    private static readonly Rule SomeRule = new(
        new Term(7), 3, A, [new Voter(A, new Incarnation(1)), new Voter(B, new Incarnation(ulong.MaxValue), "west.2")],
        DurabilityPolicy.Copies(2));

    private static readonly NodeFacts SomeFacts = new(
        "cell-1", "127.0.0.1", 5433, "127.0.0.1:7301", "127.0.0.1:7302", 4711, 4712,
        NodeRole.Primary, NodeState.Serving,
        0x16_B374D848, 7, 12.5, true, false, ["olap", "größe"], "because", Carries: true,
        Probe: new Probe(ulong.MaxValue, long.MaxValue), Echo: new Probe(1, -1));

    public static TheoryData<Message> Messages => new((Message[])
    [
        new Message.Heartbeat(
            1, 2, new Incarnation(3), new NodeTraits(true, 5, "east-1"), new Term(7), new Leadership(new Term(7), A),
            new LeadershipClaim(new Term(7), LeadershipPhase.Open), new Term(6), B, LeaderVerdict.Failed, SomeRule,
            PostgresCondition.Running, new WalPosition(new Timeline(7), new Lsn(99)), true, true),
        new Message.Heartbeat(
            ulong.MaxValue, 0, default, NodeTraits.Default, Term.None, default, null, Term.None, default,
            LeaderVerdict.Inconclusive, null, PostgresCondition.Absent, default, false, false),
        new Message.LeaseAck(new Term(7), 12345),
        new Message.Recruit(new Term(uint.MaxValue), ulong.MaxValue),
        new Message.Recruited(
            new Term(8), 9, new Incarnation(10), NodeTraits.Default, new WalPosition(new Timeline(7), new Lsn(1)),
            SomeRule,
            [
                new LeaseMark(new Leadership(new Term(7), A), TimeSpan.FromMilliseconds(5)),
                new LeaseMark(default, TimeSpan.Zero),
            ],
            new Term(4)),
        new Message.NotRecruited(new Term(8), 9, new Term(10), RefusalReason.LeaderHealthy),
        new Message.Appoint(
            new Term(8), 9, SomeRule, TimeSpan.FromMilliseconds(1100), new WalPosition(new Timeline(7), new Lsn(2)), A),
    ]);

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_arrives_as_it_was_sent(Message message)
    {
        var (read, facts) = Decode(Encode(message));
        if (message is Message.Recruited sent && read is Message.Recruited got)
        {
            Assert.Equal(sent.LeaseMarks.OrderBy(m => m.Age), got.LeaseMarks);
            (message, read) = (sent with { LeaseMarks = [] }, got with { LeaseMarks = [] });
        }

        Assert.Equal(message, read);
        if (message is Message.Heartbeat)
        {
            Assert.Equal(SomeFacts with { Tags = [] }, facts! with { Tags = [] });
            Assert.Equal(SomeFacts.Tags, facts.Tags);
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_cut_anywhere_is_refused_as_a_format_error(Message message)
    {
        var whole = Encode(message);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() => Decode(whole[..length]));
        }
    }

    [Fact]
    public void Random_bytes_are_refused_as_a_format_error_or_read_as_something_but_never_crash()
    {
        var random = new SeededRandom(20260101);
        var bytes = new byte[200];
        for (var round = 0; round < 50_000; round++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(round % 8);
            try
            {
                Decode(bytes[..random.Next(bytes.Length)]);
            }
            catch (FormatException)
            {
                continue;
            }
        }
    }

    private static byte[] Encode(Message message)
    {
        var buffer = new byte[Envelope.MaxBytes];
        var writer = new DatagramWriter(buffer);
        MessageCodec.Write(ref writer, message, SomeFacts);
        return buffer[..writer.Length];
    }

    private static (Message Message, NodeFacts? Facts) Decode(byte[] bytes)
    {
        var reader = new DatagramReader(bytes);
        return MessageCodec.Read(ref reader);
    }
}
