namespace Matriarch.Topology;

/// <summary>
/// <c>dynamodb://region/table?endpoint=http://host:port</c>; without an endpoint it is Amazon's own of the region.
/// </summary>
internal sealed record DynamoDbAddress(string Region, string Table, Uri? Endpoint)
{
    public const string Scheme = "dynamodb://";
    public const string Expected = "dynamodb://region/table[?endpoint=http://host:port]";
    private const string EndpointParameter = "endpoint=";
    private const int ShortestTable = 3;
    private const int LongestTable = 255;

    /// <summary>The address, or what is wrong with it.</summary>
    public static DynamoDbAddress? TryParse(string address, out string fault)
    {
        fault = $"\"{address}\" is not the address of a table; expected {Expected}";
        if (address.Contains('@', StringComparison.Ordinal))
        {
            fault = "credentials do not belong into a store address: they are found by the usual chain (environment, "
                + "profile, role)";
            return null;
        }

        var parts = address[Scheme.Length..].Split('?', 2);
        var names = parts[0].Split('/');
        if (names is not [var region, var table] || !IsName(region, 1) || !IsName(table, ShortestTable))
        {
            return null;
        }

        Uri? endpoint = null;
        if (parts.Length == 2
            && !(parts[1].StartsWith(EndpointParameter, StringComparison.Ordinal)
                && Uri.TryCreate(parts[1][EndpointParameter.Length..], UriKind.Absolute, out endpoint)
                && endpoint.Scheme is "http" or "https"
                && endpoint.PathAndQuery == "/"))
        {
            return null;
        }

        fault = "";
        return new DynamoDbAddress(region, table, endpoint);
    }

    private static bool IsName(string text, int shortest) =>
        text.Length >= shortest && text.Length <= LongestTable
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
