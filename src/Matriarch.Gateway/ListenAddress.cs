using System.Globalization;
using System.Net;

namespace Matriarch.Gateway;

/// <summary>A <c>host:port</c> to listen on: an IP address, <c>localhost</c> or <c>*</c> (every interface).</summary>
internal static class ListenAddress
{
    /// <summary>Parses it; IPv6 addresses stand in brackets. False when it is not one.</summary>
    public static bool TryParse(string? text, out IPEndPoint endpoint)
    {
        endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 1
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }

        var host = text![..colon];
        var address = host switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.Any,
            _ when host.Contains(':', StringComparison.Ordinal) && !(host[0] == '[' && host[^1] == ']') => null,
            _ => IPAddress.TryParse(host.Trim('[', ']'), out var ip) ? ip : null,
        };
        if (address is null)
        {
            return false;
        }

        endpoint = new IPEndPoint(address, port);
        return true;
    }
}
