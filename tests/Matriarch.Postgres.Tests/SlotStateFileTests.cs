using System.Text;
using Matriarch.Core;

namespace Matriarch.Postgres.Tests;

public sealed class SlotStateFileTests
{
    [Fact]
    public void The_checksum_is_crc32c() =>
        Assert.Equal(0xE3069283u, SlotStateFile.Checksum(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void A_state_is_taken_only_whole_unchanged_and_of_the_slot_that_was_asked_for()
    {
        var state = Make("orders", 0x1_0000_0028);
        Assert.Equal(new Lsn(0x1_0000_0028), SlotStateFile.ReadRestartLsn("orders", state));
        Assert.Throws<FormatException>(() => SlotStateFile.ReadRestartLsn("order", state));
        Assert.Throws<FormatException>(() => SlotStateFile.ReadRestartLsn("orders", state.AsSpan(0, state.Length - 1)));
        Assert.Throws<FormatException>(() => SlotStateFile.ReadRestartLsn("orders", []));
        for (var i = 0; i < state.Length; i++)
        {
            var damaged = state.ToArray();
            damaged[i] ^= 1;
            Assert.Throws<FormatException>(() => SlotStateFile.ReadRestartLsn("orders", damaged));
        }
    }

    private static byte[] Make(string name, ulong restartLsn)
    {
        var state = new byte[200];
        Encoding.ASCII.GetBytes(name, state.AsSpan(16));
        BitConverter.TryWriteBytes(state, 0x1051CA1u);
        BitConverter.TryWriteBytes(state.AsSpan(8), 2u);
        BitConverter.TryWriteBytes(state.AsSpan(12), (uint)(state.Length - 16));
        BitConverter.TryWriteBytes(state.AsSpan(96), restartLsn);
        BitConverter.TryWriteBytes(state.AsSpan(4), SlotStateFile.Checksum(state.AsSpan(8)));
        return state;
    }
}
