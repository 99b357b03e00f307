using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Matriarch.Topology;

/// <summary>
/// Which file a path names: device, inode and time of birth. Inode numbers are used again, hence the birth. Linux only.
/// </summary>
internal readonly partial record struct FileIdentity(
    ulong Device, ulong Inode, long BirthSeconds, uint BirthNanoseconds)
{
    private const int AtCurrentDirectory = -100;
    private const uint InodeSizeAndBirth = 0x100 | 0x200 | 0x800;

    // struct statx has one layout on every architecture: include/uapi/linux/stat.h.
    private const int StatxBytes = 256;
    private const int InodeOffset = 32;
    private const int SizeOffset = 40;
    private const int BirthOffset = 80;
    private const int DeviceOffset = 136;

    /// <summary>The file at the path; null when there is none, or when it is empty.</summary>
    public static FileIdentity? Of(string path)
    {
        Span<byte> buffer = stackalloc byte[StatxBytes];
        if (Statx(AtCurrentDirectory, path, 0, InodeSizeAndBirth, buffer) != 0
            || BinaryPrimitives.ReadUInt64LittleEndian(buffer[SizeOffset..]) == 0)
        {
            return null;
        }

        return ReadFrom(buffer);
    }

    /// <summary>The file at the path, empty or not; null when there is none.</summary>
    public static FileIdentity? OfMaybeEmpty(string path)
    {
        Span<byte> buffer = stackalloc byte[StatxBytes];
        return Statx(AtCurrentDirectory, path, 0, InodeSizeAndBirth, buffer) == 0 ? ReadFrom(buffer) : null;
    }

    /// <summary>Reads the text form; null when it is not one.</summary>
    public static FileIdentity? TryParse(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 4
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var device)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
            && long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            && uint.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds)
            ? new FileIdentity(device, inode, seconds, nanoseconds)
            : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Device}:{Inode}:{BirthSeconds}:{BirthNanoseconds}");

    private static FileIdentity ReadFrom(ReadOnlySpan<byte> buffer) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(buffer[DeviceOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(buffer[InodeOffset..]),
        BinaryPrimitives.ReadInt64LittleEndian(buffer[BirthOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(buffer[(BirthOffset + 8)..]));

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, Span<byte> buffer);
}
