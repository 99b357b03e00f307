namespace Matriarch.TestKit;

/// <summary>HTTP to hosts of the lab, which no proxy of the environment knows.</summary>
internal static class LabHttp
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>A client whose questions take at most five seconds.</summary>
    public static HttpClient Create(TimeSpan? limit = null) =>
        new(new SocketsHttpHandler { UseProxy = false }) { Timeout = limit ?? Limit };
}
