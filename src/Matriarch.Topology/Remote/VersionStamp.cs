using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Matriarch.Topology;

/// <summary>
/// Versions for stores whose own revisions start again after a wipe or come back with an old copy: 62 random bits,
/// drawn by the writer. A writer also recognizes its own write by them.
/// </summary>
internal static class VersionStamp
{
    private const long Mask = (1L << 62) - 1;

    /// <summary>From 1 to 2^62 - 1.</summary>
    public static long Next()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        while (true)
        {
            RandomNumberGenerator.Fill(bytes);
            var stamp = BinaryPrimitives.ReadInt64LittleEndian(bytes) & Mask;
            if (stamp > 0)
            {
                return stamp;
            }
        }
    }
}
