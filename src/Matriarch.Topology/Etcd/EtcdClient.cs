using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>
/// Requests to an etcd cluster through the JSON gateway of its members. One endpoint is used as long as it answers. A
/// request moves on to the next one only while nothing can have happened.
/// </summary>
internal sealed class EtcdClient : IDisposable
{
    // A page of the largest values, in base64, with room to spare.
    private const int LargestResponse = 64 * 1024 * 1024;

    private readonly EtcdAddress _address;
    private readonly EtcdCredentials? _credentials;
    private readonly RemoteTimings _timings;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private int _preferred;
    private string? _token;

    public EtcdClient(EtcdAddress address, EtcdCredentials? credentials, RemoteTimings timings, TimeProvider time)
    {
        _address = address;
        _credentials = credentials;
        _timings = timings;
        _time = time;
        _http = new HttpClient(RemoteHttp.CreateHandler(timings))
        {
            Timeout = Timeout.InfiniteTimeSpan, // each request has its own
            MaxResponseContentBufferSize = LargestResponse,
        };
    }

    /// <summary>The endpoint that is used now.</summary>
    public Uri Preferred => _address.Endpoints[Volatile.Read(ref _preferred) % _address.Endpoints.Length];

    public void Dispose() => _http.Dispose();

    /// <summary>A linearizable read: etcd confirms its leadership before it answers.</summary>
    /// <exception cref="EtcdFailure">No endpoint has answered.</exception>
    public Task<EtcdMessages.RangeResponse> RangeAsync(
        EtcdMessages.RangeRequest request, CancellationToken cancellation) =>
        CallAsync(
            "v3/kv/range", request, EtcdJson.Default.RangeRequest, EtcdJson.Default.RangeResponse, new SentMark(),
            isWrite: false, cancellation);

    /// <summary>A transaction that writes.</summary>
    /// <exception cref="EtcdFailure">It has not answered; see <see cref="EtcdFailure.MayHaveHappened"/>.</exception>
    public Task<EtcdMessages.TxnResponse> TxnAsync(
        EtcdMessages.TxnRequest request, SentMark mark, CancellationToken cancellation) =>
        CallAsync(
            "v3/kv/txn", request, EtcdJson.Default.TxnRequest, EtcdJson.Default.TxnResponse, mark, isWrite: true,
            cancellation);

    /// <summary>Begins a watch at the preferred endpoint; the answer's body goes on until it is disposed.</summary>
    /// <exception cref="EtcdFailure">It was not begun.</exception>
    public async Task<HttpResponseMessage> WatchAsync(
        EtcdMessages.WatchRequest request, Uri endpoint, CancellationToken cancellation)
    {
        try
        {
            return await SendAsync(
                endpoint, "v3/watch", request, EtcdJson.Default.WatchRequest, new SentMark(), cancellation);
        }
        catch (EtcdFailure e) when (e.NeedsToken && _credentials is not null)
        {
            Volatile.Write(ref _token, null);
            throw;
        }
    }

    /// <summary>Leaves an endpoint that has failed for the next one, unless somebody has done so already.</summary>
    public void Leave(Uri endpoint)
    {
        var preferred = Volatile.Read(ref _preferred);
        if (_address.Endpoints[preferred % _address.Endpoints.Length] == endpoint)
        {
            Interlocked.CompareExchange(ref _preferred, (preferred + 1) % _address.Endpoints.Length, preferred);
        }
    }

    private async Task<TResponse> CallAsync<TRequest, TResponse>(
        string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType,
        SentMark mark, bool isWrite, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(_timings.Call, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var mayLogIn = _credentials is not null;
        for (var attempt = 1; ; attempt++)
        {
            var endpoint = Preferred;
            try
            {
                using var response = await SendAsync(endpoint, path, request, requestType, mark, both.Token);
                return await ReadAsync(response, responseType, isWrite, endpoint, both.Token);
            }
            catch (EtcdFailure e) when (e.NeedsToken && mayLogIn)
            {
                mayLogIn = false;
                Volatile.Write(ref _token, null);
            }
            catch (EtcdFailure e) when (!e.IsRefusal)
            {
                cancellation.ThrowIfCancellationRequested();
                Leave(endpoint);
                var isOver = deadline.IsCancellationRequested || attempt >= _address.Endpoints.Length;
                if (isOver || (isWrite && e.MayHaveHappened))
                {
                    throw;
                }
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync<TRequest>(
        Uri endpoint, string path, TRequest request, JsonTypeInfo<TRequest> type, SentMark mark,
        CancellationToken cancellation)
    {
        var token = await LogInAsync(endpoint, cancellation);
        return await PostAsync(endpoint, path, request, type, token, mark, cancellation);
    }

    private async Task<HttpResponseMessage> PostAsync<TRequest>(
        Uri endpoint, string path, TRequest request, JsonTypeInfo<TRequest> type, string? token, SentMark mark,
        CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(_timings.Request, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, type));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, path));
        message.Content = new MarkedContent(body, mark);
        if (token is not null)
        {
            message.Headers.TryAddWithoutValidation("Authorization", token);
        }

        HttpResponseMessage? response = null;
        try
        {
            response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, both.Token);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            var text = await response.Content.ReadAsByteArrayAsync(both.Token);
            throw Refused(endpoint, text, (int)response.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            response?.Dispose();
            throw new EtcdFailure($"{endpoint.Authority} does not answer: {Reason(e)}", -1, mark.MaybeSent, e);
        }
        catch (EtcdFailure)
        {
            response?.Dispose();
            throw;
        }
    }

    private async Task<T> ReadAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<T> type, bool isWrite, Uri endpoint, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(_timings.Request, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var bytes = await response.Content.ReadAsByteArrayAsync(both.Token);
            return JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("null");
        }
        catch (Exception e) when (
            e is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            throw new EtcdFailure($"the answer of {endpoint.Authority} is cut off: {Reason(e)}", -1, isWrite, e);
        }
    }

    private async Task<string?> LogInAsync(Uri endpoint, CancellationToken cancellation)
    {
        if (_credentials is null || Volatile.Read(ref _token) is { } known)
        {
            return Volatile.Read(ref _token);
        }

        try
        {
            var request = new EtcdMessages.AuthenticateRequest(_credentials.User, _credentials.ReadPassword());
            using var response = await PostAsync(
                endpoint, "v3/auth/authenticate", request, EtcdJson.Default.AuthenticateRequest, null, new SentMark(),
                cancellation);
            var answer = await ReadAsync(
                response, EtcdJson.Default.AuthenticateResponse, isWrite: false, endpoint, cancellation);
            Volatile.Write(ref _token, answer.Token);
            return answer.Token;
        }
        catch (EtcdFailure e)
        {
            // Whatever it was: the request itself was not sent.
            throw new EtcdFailure($"logging in: {e.Message}", e.NeedsToken ? -1 : e.Code, mayHaveHappened: false, e);
        }
        catch (UserException e)
        {
            throw new EtcdFailure(e.Message, -1, mayHaveHappened: false, e);
        }
    }

    private static EtcdFailure Refused(Uri endpoint, byte[] text, int status)
    {
        EtcdMessages.Fault? fault = null;
        try
        {
            fault = JsonSerializer.Deserialize(text, EtcdJson.Default.Fault);
        }
        catch (JsonException)
        {
            // Not etcd's own words: the status is all there is.
        }

        var code = fault?.Code ?? -1;
        return new EtcdFailure(
            $"{endpoint.Authority}: {fault?.Message ?? $"HTTP status {status}"}", code,
            mayHaveHappened: !EtcdFailure.IsRefusalCode(code));
    }

    private static string Reason(Exception e) => e is OperationCanceledException ? "its time is over" : e.Message;
}
