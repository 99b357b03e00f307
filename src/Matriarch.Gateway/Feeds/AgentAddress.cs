namespace Matriarch.Gateway;

/// <summary>Where an agent's API is: <c>host:port</c>, with or without <c>http://</c> before it.</summary>
internal static class AgentAddress
{
    /// <summary>Null when it is no address.</summary>
    public static Uri? TryParse(string text)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(full, UriKind.Absolute, out var uri) && uri is { Scheme: "http", AbsolutePath: "/" }
            && uri.Host.Length > 0 && !uri.IsDefaultPort
            ? uri
            : null;
    }
}
