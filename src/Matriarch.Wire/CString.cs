using System.Text;

namespace Matriarch.Wire;

/// <summary>Zero-terminated strings inside messages.</summary>
internal static class CString
{
    /// <summary>Takes the string at the start of <paramref name="rest"/> and moves behind its zero; false without
    /// one.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> value)
    {
        var end = rest.IndexOf((byte)0);
        if (end < 0)
        {
            value = default;
            return false;
        }

        value = rest[..end];
        rest = rest[(end + 1)..];
        return true;
    }

    /// <summary>Appends the text; a zero inside would end it early on the other side and becomes a space.</summary>
    public static void Append(List<byte> target, string text)
    {
        target.AddRange(Encoding.UTF8.GetBytes(text.Replace('\0', ' ')));
        target.Add(0);
    }
}
