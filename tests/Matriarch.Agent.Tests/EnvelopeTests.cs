using Matriarch.Agent;
using Matriarch.Core;

namespace Matriarch.Agent.Tests;

public sealed class EnvelopeTests
{
    private const string Key = "0123456789abcdef-secret";
    private static readonly NodeId A = new("a");
    private static readonly NodeId B = new("b");

    [Fact]
    public void A_sealed_datagram_opens_with_the_same_key_cluster_and_instance()
    {
        Assert.True(TryOpen(new Envelope(Key, "cluster-1", "main"), Sealed()));
    }

    [Theory]
    [InlineData("another-key-0123456789", "cluster-1", "main")]
    [InlineData(Key, "cluster-2", "main")]
    [InlineData(Key, "cluster-1", "main2")]
    public void A_datagram_of_another_key_cluster_or_instance_stays_closed(string key, string cluster, string instance)
    {
        Assert.False(TryOpen(new Envelope(key, cluster, instance), Sealed()));
    }

    [Fact]
    public void A_datagram_with_any_bit_changed_or_cut_stays_closed()
    {
        var envelope = new Envelope(Key, "cluster-1", "main");
        var whole = Sealed();
        for (var i = 0; i < whole.Length; i++)
        {
            var forged = (byte[])whole.Clone();
            forged[i] ^= 0x10;
            Assert.False(TryOpen(envelope, forged));
            Assert.False(TryOpen(envelope, whole[..i]));
        }
    }

    [Fact]
    public void The_replay_guard_takes_each_counter_once_and_tolerates_overtaking()
    {
        var guard = new ReplayGuard();
        Assert.True(guard.Accept(1, 10));
        Assert.True(guard.Accept(1, 12));
        Assert.True(guard.Accept(1, 11));
        Assert.False(guard.Accept(1, 11));
        Assert.False(guard.Accept(1, 12));
        Assert.True(guard.Accept(1, 200));
        Assert.False(guard.Accept(1, 100));
    }

    [Fact]
    public void The_replay_guard_never_goes_back_to_a_process_that_was_superseded()
    {
        var guard = new ReplayGuard();
        Assert.True(guard.Accept(1, 10));
        Assert.True(guard.Accept(2, 1));
        Assert.False(guard.Accept(1, 11));
        Assert.True(guard.Accept(2, 2));
    }

    private static byte[] Sealed()
    {
        var buffer = new byte[Envelope.MaxBytes];
        var writer = Envelope.Begin(buffer, A, B, 7, 8);
        writer.Text("hello");
        return buffer[..new Envelope(Key, "cluster-1", "main").Seal(buffer, writer.Length)];
    }

    private static bool TryOpen(Envelope envelope, byte[] datagram) => envelope.TryOpen(datagram, out _);
}
