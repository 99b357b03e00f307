using System.Globalization;

namespace Matriarch.Core;

/// <summary>
/// A host and a port as written in settings and records: <c>127.0.0.1:7301</c>, <c>db1.example:5432</c>,
/// <c>[::1]:7301</c>.
/// </summary>
/// <param name="Host">A name or address, without brackets.</param>
/// <param name="Port">0 to 65535; 0 asks the system for a free port where a listener allows it.</param>
public readonly record struct ListenAddress(string Host, int Port)
{
    /// <summary>False when the text is not <c>host:port</c>.</summary>
    public static bool TryParse(string? text, out ListenAddress address)
    {
        address = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 1
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }

        var host = text![..colon];
        var isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (isBracketed)
        {
            host = host[1..^1];
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        if (host.AsSpan().ContainsAny(" \t/"))
        {
            return false;
        }

        address = new ListenAddress(host, port);
        return true;
    }

    /// <exception cref="FormatException">The text is not <c>host:port</c>.</exception>
    public static ListenAddress Parse(string text) =>
        TryParse(text, out var address)
            ? address
            : throw new FormatException($"\"{text}\" is not an address such as 127.0.0.1:7301");

    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
            : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
