using System.Collections.Immutable;
using System.Text.Json;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// Messages of consensus as bytes. Fields in the order of the records, numbers big-endian; a heartbeat ends with the
/// sender's facts as JSON, which a newer version may extend.
/// </summary>
internal static class MessageCodec
{
    private const int MostVoters = 64;
    private const int MostMarks = 16;

    private enum Kind : byte
    {
        Heartbeat = 1,
        LeaseAck = 2,
        Recruit = 3,
        Recruited = 4,
        NotRecruited = 5,
        Appoint = 6,
    }

    /// <summary>Appends a message; the facts travel with heartbeats only.</summary>
    public static void Write(ref DatagramWriter to, Message message, NodeFacts facts)
    {
        switch (message)
        {
            case Message.Heartbeat m:
                to.Byte((byte)Kind.Heartbeat);
                WriteHeartbeat(ref to, m, facts);
                break;
            case Message.LeaseAck m:
                to.Byte((byte)Kind.LeaseAck);
                to.Term(m.Term);
                to.UInt64(m.Sequence);
                break;
            case Message.Recruit m:
                to.Byte((byte)Kind.Recruit);
                to.Term(m.Term);
                to.UInt64(m.Nonce);
                break;
            case Message.Recruited m:
                to.Byte((byte)Kind.Recruited);
                WriteRecruited(ref to, m);
                break;
            case Message.NotRecruited m:
                to.Byte((byte)Kind.NotRecruited);
                to.Term(m.Term);
                to.UInt64(m.Nonce);
                to.Term(m.Promised);
                to.Byte((byte)m.Reason);
                break;
            case Message.Appoint m:
                to.Byte((byte)Kind.Appoint);
                to.Term(m.Term);
                to.UInt64(m.Nonce);
                WriteRule(ref to, m.Rule);
                to.UInt64((ulong)m.LeaseWait.Ticks);
                to.Position(m.Base);
                to.Node(m.Holder);
                break;
            default:
                throw new InvariantException($"{message.GetType().Name} has no encoding");
        }
    }

    /// <summary>Reads one message and, with a heartbeat, the sender's facts.</summary>
    /// <exception cref="FormatException">The bytes are no message.</exception>
    public static (Message Message, NodeFacts? Facts) Read(ref DatagramReader from)
    {
        switch (from.Enum<Kind>())
        {
            case Kind.Heartbeat:
                return ReadHeartbeat(ref from);
            case Kind.LeaseAck:
                return (new Message.LeaseAck(from.Term(), from.UInt64()), null);
            case Kind.Recruit:
                return (new Message.Recruit(from.Term(), from.UInt64()), null);
            case Kind.Recruited:
                return (ReadRecruited(ref from), null);
            case Kind.NotRecruited:
                return (new Message.NotRecruited(from.Term(), from.UInt64(), from.Term(), from.Enum<RefusalReason>()),
                    null);
            default:
                return (new Message.Appoint(from.Term(), from.UInt64(), ReadRule(ref from), ReadDuration(ref from),
                    from.Position(), from.Node()), null);
        }
    }

    private static void WriteHeartbeat(ref DatagramWriter to, Message.Heartbeat m, NodeFacts facts)
    {
        to.UInt64(m.Boot);
        to.UInt64(m.Sequence);
        to.UInt64(m.Incarnation.Value);
        WriteTraits(ref to, m.Traits);
        to.Term(m.Promised);
        WriteLeadership(ref to, m.Leadership);
        to.Bool(m.Claim is not null);
        if (m.Claim is { } claim)
        {
            to.Term(claim.Term);
            to.Byte((byte)claim.Phase);
        }

        to.Term(m.FencedTerm);
        to.Node(m.Successor);
        to.Byte((byte)m.Verdict);
        to.Bool(m.Rule is not null);
        if (m.Rule is { } rule)
        {
            WriteRule(ref to, rule);
        }

        to.Byte((byte)m.Condition);
        to.Position(m.Position);
        to.Bool(m.IsStreaming);
        to.Bool(m.CanVote);
        to.Text(JsonSerializer.Serialize(facts, FactsJson.Default.NodeFacts));
    }

    private static (Message, NodeFacts?) ReadHeartbeat(ref DatagramReader from)
    {
        var heartbeat = new Message.Heartbeat(
            from.UInt64(), from.UInt64(), new Incarnation(from.UInt64()), ReadTraits(ref from), from.Term(),
            ReadLeadership(ref from),
            from.Bool() ? new LeadershipClaim(from.Term(), from.Enum<LeadershipPhase>()) : null,
            from.Term(), from.Node(), from.Enum<LeaderVerdict>(),
            from.Bool() ? ReadRule(ref from) : null,
            from.Enum<PostgresCondition>(), from.Position(), from.Bool(), from.Bool());
        try
        {
            return (heartbeat, JsonSerializer.Deserialize(from.Text(), FactsJson.Default.NodeFacts));
        }
        catch (JsonException e)
        {
            throw new FormatException("a heartbeat carries facts that are no JSON of ours", e);
        }
    }

    private static void WriteRecruited(ref DatagramWriter to, Message.Recruited m)
    {
        to.Term(m.Term);
        to.UInt64(m.Nonce);
        to.UInt64(m.Incarnation.Value);
        WriteTraits(ref to, m.Traits);
        to.Position(m.Position);
        WriteRule(ref to, m.Rule);
        to.Byte((byte)Math.Min(m.LeaseMarks.Length, MostMarks));
        // Should there ever be more, the youngest matter: they back the longest lease.
        foreach (var mark in m.LeaseMarks.OrderBy(x => x.Age).Take(MostMarks))
        {
            WriteLeadership(ref to, mark.Leadership);
            to.UInt64((ulong)mark.Age.Ticks);
        }

        to.Term(m.Fenced);
    }

    private static Message.Recruited ReadRecruited(ref DatagramReader from)
    {
        var (term, nonce, incarnation) = (from.Term(), from.UInt64(), new Incarnation(from.UInt64()));
        var (traits, position, rule) = (ReadTraits(ref from), from.Position(), ReadRule(ref from));
        var marks = ImmutableArray.CreateBuilder<LeaseMark>();
        for (var left = from.Count(MostMarks); left > 0; left--)
        {
            marks.Add(new LeaseMark(ReadLeadership(ref from), ReadDuration(ref from)));
        }

        return new Message.Recruited(term, nonce, incarnation, traits, position, rule, marks.ToImmutable(),
            from.Term());
    }

    private static void WriteRule(ref DatagramWriter to, Rule rule)
    {
        to.Term(rule.Term);
        to.UInt32((uint)rule.Revision);
        to.Node(rule.Leader);
        to.Byte(checked((byte)rule.Voters.Length));
        foreach (var voter in rule.Voters)
        {
            to.Node(voter.Node);
            to.UInt64(voter.Incarnation.Value);
            to.Text(voter.Cell);
        }

        to.Text(rule.Policy.ToString());
    }

    private static Rule ReadRule(ref DatagramReader from)
    {
        var (term, revision, leader) = (from.Term(), (int)from.UInt32(), from.Node());
        var voters = ImmutableArray.CreateBuilder<Voter>();
        for (var left = from.Count(MostVoters); left > 0; left--)
        {
            voters.Add(new Voter(from.Node(), new Incarnation(from.UInt64()), from.Text()));
        }

        return new Rule(term, revision, leader, voters.ToImmutable(), DurabilityPolicy.Parse(from.Text()));
    }

    private static void WriteTraits(ref DatagramWriter to, NodeTraits traits)
    {
        to.Bool(traits.IsObserver);
        to.UInt32((uint)traits.Priority);
        to.Text(traits.Cell);
    }

    private static NodeTraits ReadTraits(ref DatagramReader from) =>
        new(from.Bool(), (int)from.UInt32(), from.Text());

    private static void WriteLeadership(ref DatagramWriter to, Leadership leadership)
    {
        to.Term(leadership.Term);
        to.Node(leadership.Leader);
    }

    private static Leadership ReadLeadership(ref DatagramReader from) => new(from.Term(), from.Node());

    private static TimeSpan ReadDuration(ref DatagramReader from)
    {
        var ticks = from.UInt64();
        return ticks <= (ulong)TimeSpan.FromDays(1).Ticks
            ? TimeSpan.FromTicks((long)ticks)
            : throw new FormatException("a duration of over a day");
    }
}
