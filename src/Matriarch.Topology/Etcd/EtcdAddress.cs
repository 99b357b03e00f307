using System.Collections.Immutable;
using System.Globalization;

namespace Matriarch.Topology;

/// <summary><c>etcd://host:port,host:port/prefix</c>; the prefix may be left out.</summary>
internal sealed record EtcdAddress(ImmutableArray<Uri> Endpoints, string Prefix)
{
    public const string Scheme = "etcd://";
    public const string Expected = "etcd://host:port[,host:port...][/prefix]";
    private const string DefaultPrefix = "matriarch";
    private const int MostEndpoints = 16;

    /// <summary>The address, or what is wrong with it.</summary>
    public static EtcdAddress? TryParse(string address, out string fault)
    {
        fault = "";
        var rest = address[Scheme.Length..];
        if (rest.Contains('@', StringComparison.Ordinal))
        {
            fault = "a user or password does not belong into a store address: use topology.user and "
                + "topology.password-file";
            return null;
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var hosts = slash < 0 ? rest : rest[..slash];
        var prefix = slash < 0 || slash == rest.Length - 1 ? DefaultPrefix : rest[(slash + 1)..];
        if (!StoreKey.IsValid(prefix))
        {
            fault = $"\"{prefix}\" cannot be a prefix; expected {Expected}";
            return null;
        }

        var endpoints = hosts.Split(',').Select(Endpoint).ToList();
        if (endpoints.Count > MostEndpoints || endpoints.Any(e => e is null))
        {
            fault = $"\"{hosts}\" is not a list of 1 to {MostEndpoints} endpoints host:port; expected {Expected}";
            return null;
        }

        return new EtcdAddress([.. endpoints.Select(e => e!)], prefix);
    }

    private static Uri? Endpoint(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port > 0
            && Uri.CheckHostName(text[..colon].Trim('[', ']')) != UriHostNameType.Unknown
            && Uri.TryCreate($"http://{text}/", UriKind.Absolute, out var uri)
            ? uri
            : null;
    }
}
