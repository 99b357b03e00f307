using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Matriarch.Wire.Tests;

public sealed class StartupPacketTests
{
    private static readonly StartupMessage Sample = StartupMessage.Create(
        ProtocolVersion.Version30, ("user", "ana"), ("database", "herd@replica"), ("options", "-c geqo=off"),
        ("x", ""));

    [Fact]
    public void Parameters_survive_encoding_and_parsing_in_order()
    {
        var startup = Assert.IsType<StartupPacket.Startup>(StartupPacket.Parse(Sample.Encode()));
        Assert.Equal(
            ["user=ana", "database=herd@replica", "options=-c geqo=off", "x="],
            startup.Message.Parameters.Select(p =>
                Encoding.UTF8.GetString(p.Name.Span) + "=" + Encoding.UTF8.GetString(p.Value.Span)));
        Assert.Equal(Sample.Encode(), startup.Message.Encode());
    }

    [Fact]
    public void Any_parameters_survive_as_the_bytes_they_were()
    {
        var text = ArbMap.Default.GeneratorFor<byte[]>().Select(b => b.Where(x => x != 0).ToArray());
        var pair = text.Zip(text, (n, v) => new StartupMessage.Parameter(n.Length == 0 ? [1] : n, v));
        Prop.ForAll(pair.ArrayOf().ToArbitrary(), parameters =>
        {
            var message = new StartupMessage(ProtocolVersion.Version32, [.. parameters]);
            var packet = message.Encode();
            return packet.Length > StartupPacket.MaxLength
                || (StartupPacket.Parse(packet) is StartupPacket.Startup s
                    && s.Message.Encode().AsSpan().SequenceEqual(packet));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Only_the_database_changes_when_it_is_replaced()
    {
        var changed = Sample.WithDatabase("herd"u8);
        Assert.Equal("herd", changed.FindText("database"u8));
        Assert.Equal("ana", changed.FindText("user"u8));
        Assert.Equal(Sample.Parameters.Length, changed.Parameters.Length);
        Assert.Null(Sample.WithDatabase(default).Find("database"u8));
    }

    [Fact]
    public void The_last_of_repeated_parameters_counts_as_in_postgresql()
    {
        var message = StartupMessage.Create(ProtocolVersion.Version30, ("database", "one"), ("database", "two"));
        Assert.Equal("two", message.FindText("database"u8));
        Assert.Single(message.WithDatabase("three"u8).Parameters);
    }

    [Fact]
    public void Every_truncation_of_a_packet_is_malformed_and_none_throws()
    {
        var packet = Sample.Encode();
        for (var length = 0; length < packet.Length; length++)
        {
            Assert.IsType<StartupPacket.Malformed>(StartupPacket.Parse(packet.AsSpan(0, length)));
            if (length >= StartupPacket.MinLength)
            {
                var cut = packet[..length];
                BinaryPrimitives.WriteInt32BigEndian(cut, length); // an honest length, but the content is cut
                AssertMalformedOrShorter(cut);
            }
        }
    }

    [Fact]
    public void Garbage_never_throws()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            StartupPacket.Parse(bytes);
            var framed = new byte[bytes.Length + 8];
            bytes.CopyTo(framed, 8);
            BinaryPrimitives.WriteInt32BigEndian(framed, framed.Length);
            foreach (var code in new uint[] { 0x30000, StartupPacket.CancelCode, StartupPacket.SslCode, 0xFFFFFFFF })
            {
                BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(4), code);
                StartupPacket.Parse(framed);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0u, null)]
    [InlineData(7u, null)]
    [InlineData(8u, 8)]
    [InlineData(10_000u, 10_000)]
    [InlineData(10_001u, null)]
    [InlineData(0x80000008u, null)]
    [InlineData(0xFFFFFFFFu, null)]
    public void Lengths_are_checked_before_anything_is_allocated(uint word, int? expected)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
        Assert.Equal(expected, StartupPacket.TryReadLength(bytes));
    }

    [Fact]
    public void Requests_are_told_apart()
    {
        Assert.IsType<StartupPacket.SslRequest>(StartupPacket.Parse(StartupRequests.Ssl()));
        Assert.IsType<StartupPacket.GssEncryptionRequest>(StartupPacket.Parse(StartupRequests.GssEncryption()));
        Assert.Equal(
            "0A000", Assert.IsType<StartupPacket.Malformed>(StartupPacket.Parse([0, 0, 0, 8, 0, 2, 0, 0])).SqlState);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    [InlineData(256)]
    public void Cancel_keys_of_every_length_survive(int secretLength)
    {
        var secret = new byte[secretLength];
        new Random(secretLength).NextBytes(secret);
        var key = CancelKey.Create(-5, secret);
        Assert.Equal(
            key, Assert.IsType<StartupPacket.CancelRequest>(StartupPacket.Parse(StartupRequests.Cancel(key))).Key);
        Assert.Equal(key, CancelKey.TryParse(key.ToBackendKeyData().AsSpan(MessageHeader.Size)));
        Assert.NotEqual(key, CancelKey.Create(-5, [.. secret.Select(b => (byte)~b)]));
        Assert.DoesNotContain(Convert.ToHexString(secret), key.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(257)]
    public void Cancel_keys_of_impossible_length_are_malformed(int secretLength)
    {
        Assert.Null(CancelKey.TryParse(new byte[4 + secretLength]));
        Assert.Throws<ArgumentOutOfRangeException>(() => CancelKey.Create(1, new byte[secretLength]));
    }

    private static void AssertMalformedOrShorter(byte[] packet)
    {
        if (StartupPacket.Parse(packet) is StartupPacket.Startup { Message: var message })
        {
            Assert.True(message.Parameters.Length < Sample.Parameters.Length); // cut exactly behind a pair's empty rest
        }
    }
}
