using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// The state file of a replication slot (ReplicationSlotOnDisk in slot.c). A server that finds a damaged one does not
/// start, so none is put anywhere before it was checked as the server will check it.
/// </summary>
/// <remarks>
/// Magic, CRC-32C of all that follows it, version, length; then name (64 bytes), database, persistency, xmin,
/// catalog_xmin, restart_lsn and more that is not looked at. Little-endian, the same in PostgreSQL 14 to 18 so far.
/// </remarks>
internal static class SlotStateFile
{
    /// <summary>Far more than any version needs: 200 bytes.</summary>
    public const int MostBytes = 4096;

    private const uint Magic = 0x1051CA1;
    private const int HeaderLength = 16;
    private const int ChecksummedFrom = 8;
    private const int NameLength = 64;
    private const int PersistencyAt = HeaderLength + NameLength + 4;
    private const int RestartLsnAt = PersistencyAt + 12;
    private const int Persistent = 0;

    /// <summary>Where the slot begins to decode.</summary>
    /// <param name="name">The slot that it has to be of.</param>
    /// <param name="state">The whole file.</param>
    /// <exception cref="FormatException">It is not the state of such a slot.</exception>
    public static Lsn ReadRestartLsn(string name, ReadOnlySpan<byte> state)
    {
        if (state.Length is < RestartLsnAt + 8 or > MostBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(state) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(state[12..]) != state.Length - HeaderLength)
        {
            throw new FormatException($"the state of slot {name} is not the file of a replication slot");
        }

        if (Checksum(state[ChecksummedFrom..]) != BinaryPrimitives.ReadUInt32LittleEndian(state[4..]))
        {
            throw new FormatException($"the state of slot {name} has a wrong checksum");
        }

        var found = state.Slice(HeaderLength, NameLength);
        var end = found.IndexOf((byte)0);
        if (end < 0 || Encoding.ASCII.GetString(found[..end]) != name
            || BinaryPrimitives.ReadInt32LittleEndian(state[PersistencyAt..]) != Persistent)
        {
            throw new FormatException($"the state of slot {name} is of another slot, or of one that does not last");
        }

        return new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(state[RestartLsnAt..]));
    }

    /// <summary>CRC-32C, as pg_crc32c computes it.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
