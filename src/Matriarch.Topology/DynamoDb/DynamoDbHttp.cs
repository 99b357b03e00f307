using Amazon.Runtime;

namespace Matriarch.Topology;

/// <summary>
/// Gives the SDK connections of ours, which note in the caller's mark when a request starts to leave.
/// </summary>
internal sealed class DynamoDbHttp(RemoteTimings timings) : HttpClientFactory
{
    // The SDK hides its HTTP requests; the flow of execution is what leads from a call to its request.
    private static readonly AsyncLocal<SentMark?> Current = new();

    /// <summary>The mark of the requests that this flow of execution sends from here on.</summary>
    public static void Use(SentMark mark) => Current.Value = mark;

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
        new(new Marking(RemoteHttp.CreateHandler(timings))) { Timeout = timings.Request };

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    private sealed class Marking(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } content && Current.Value is { } mark)
            {
                request.Content = new MarkedContent(content, mark);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
