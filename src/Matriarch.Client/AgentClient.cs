using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Matriarch.Client;

/// <summary>
/// Asks one agent over its HTTP API. Every method returns within its time limit: no agent, however stuck, holds a
/// command up.
/// </summary>
public sealed partial class AgentClient : IDisposable
{
    /// <summary>How long questions may take.</summary>
    public static readonly TimeSpan QuestionTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long a switchover may take: the agent bounds its own work below this.</summary>
    public static readonly TimeSpan SwitchoverTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    /// <param name="endpoint">For example <c>http://127.0.0.1:7301</c>.</param>
    /// <param name="token">The content of <c>secrets/api-token</c>.</param>
    public AgentClient(Uri endpoint, string token)
    {
        // Proxies of the environment are for the world outside; the API is on this machine or on a private network.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        _http = new HttpClient(handler) { BaseAddress = endpoint, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>What the agent knows about its instances.</summary>
    public Task<AgentAnswer<StatusDocument>> StatusAsync(CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Get, ApiRoutes.Status, null, QuestionTimeout, ApiJson.Default.StatusDocument, cancellation);

    /// <summary>
    /// Events behind <paramref name="after"/> (all when null), at most <paramref name="limit"/>, 1 to 1,000.
    /// </summary>
    public Task<AgentAnswer<EventsDocument>> EventsAsync(string? after, int limit, CancellationToken cancellation)
    {
        var query = "?limit=" + limit.ToString(CultureInfo.InvariantCulture);
        if (after is not null)
        {
            query += "&after=" + Uri.EscapeDataString(after);
        }

        return SendAsync(
            HttpMethod.Get,
            ApiRoutes.Events + query,
            null,
            QuestionTimeout,
            ApiJson.Default.EventsDocument,
            cancellation);
    }

    /// <summary>
    /// Who leads, as soon as that is not what <paramref name="after"/> says any more, or the wait is over.
    /// </summary>
    /// <param name="after">The <see cref="LeadershipDocument.Mark"/> of what is known; null to be told at once.</param>
    /// <param name="wait">0 to 30 s.</param>
    /// <param name="gateway">The name of a gateway that has acted on what it knows; null for anyone else.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<AgentAnswer<LeadershipDocument>> LeadershipAsync(
        string? after, TimeSpan wait, string? gateway, CancellationToken cancellation)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"?wait={wait.TotalSeconds:0.###}");
        query += after is null ? "" : "&after=" + Uri.EscapeDataString(after);
        query += gateway is null ? "" : "&gateway=" + Uri.EscapeDataString(gateway);
        return SendAsync(
            HttpMethod.Get, ApiRoutes.Leadership + query, null, wait + QuestionTimeout,
            ApiJson.Default.LeadershipDocument, cancellation);
    }

    /// <summary>How old the data of the agent's standby may be.</summary>
    public Task<AgentAnswer<StalenessDocument>> StalenessAsync(CancellationToken cancellation) => SendAsync(
        HttpMethod.Get, ApiRoutes.Staleness, null, QuestionTimeout, ApiJson.Default.StalenessDocument, cancellation);

    /// <summary>The key by which a user whose login the caller has witnessed can be logged in again.</summary>
    public Task<AgentAnswer<ClientKeyDocument>> ClientKeyAsync(
        ClientKeyRequest request, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post, ApiRoutes.ClientKey, JsonContent.Create(request, ApiJson.Default.ClientKeyRequest),
            QuestionTimeout, ApiJson.Default.ClientKeyDocument, cancellation);

    /// <summary>
    /// Moves leadership to <paramref name="to"/>, or to the best replica when null. Answers when it is done.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="to">The node that shall lead.</param>
    /// <param name="drain">How long running transactions may take; null for the leader's setting.</param>
    /// <param name="cancellation">Ends the waiting, not the switchover.</param>
    public Task<AgentAnswer<SwitchoverOutcome>> SwitchoverAsync(
        string instance, string? to, TimeSpan? drain, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            ApiRoutes.SwitchoverOf(instance),
            JsonContent.Create(new SwitchoverRequest(to, drain?.TotalSeconds), ApiJson.Default.SwitchoverRequest),
            SwitchoverTimeout,
            ApiJson.Default.SwitchoverOutcome,
            cancellation);

    /// <summary>
    /// The agent shall start no elections and take part in none: the first half of stopping a cluster.
    /// </summary>
    public Task<AgentAnswer<bool>> QuiesceAsync(CancellationToken cancellation) =>
        SendAsync<bool>(HttpMethod.Post, ApiRoutes.Quiesce, null, QuestionTimeout, null, cancellation);

    /// <summary>The agent shall end; answers when it has accepted, not when it has ended.</summary>
    public Task<AgentAnswer<bool>> ShutdownAsync(PostgresAtShutdown postgres, CancellationToken cancellation) =>
        SendAsync<bool>(
            HttpMethod.Post,
            ApiRoutes.Shutdown,
            JsonContent.Create(new ShutdownRequest(postgres), ApiJson.Default.ShutdownRequest),
            QuestionTimeout,
            null,
            cancellation);

    /// <summary>The agent's own process and server.</summary>
    public Task<AgentAnswer<LocalStatus>> LocalAsync(CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, ApiRoutes.Local, null, QuestionTimeout, ApiJson.Default.LocalStatus, cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<AgentAnswer<T>> SendAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? body,
        TimeSpan limit,
        JsonTypeInfo<T>? shape,
        CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limit);
        try
        {
            using var response = await _http.SendAsync(request, deadline.Token);
            if (!response.IsSuccessStatusCode)
            {
                return await RefusalAsync<T>(response, deadline.Token);
            }

            // A request without a document of its own is answered by its status alone.
            return shape is null
                ? new AgentAnswer<T>.Answered(default!)
                : await DocumentAsync(response, shape, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new AgentAnswer<T>.Unreachable(
                string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalSeconds:0.#} s"));
        }
        catch (HttpRequestException e)
        {
            return new AgentAnswer<T>.Unreachable(Describe(e));
        }
        catch (IOException)
        {
            return new AgentAnswer<T>.Unreachable("connection lost");
        }
    }

    private static async Task<AgentAnswer<T>> DocumentAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<T> shape, CancellationToken cancellation)
    {
        try
        {
            var document = await response.Content.ReadFromJsonAsync(shape, cancellation);
            return document is null ? NotOurs<T>(response) : new AgentAnswer<T>.Answered(document);
        }
        catch (JsonException)
        {
            return NotOurs<T>(response);
        }
    }

    private static async Task<AgentAnswer<T>> RefusalAsync<T>(
        HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized)
        {
            return new AgentAnswer<T>.Refused(
                401,
                "the agent does not accept this cluster's API token",
                "check that --dir names the cluster of that agent");
        }

        try
        {
            var error = await response.Content.ReadFromJsonAsync(ApiJson.Default.ApiError, cancellation);
            return string.IsNullOrEmpty(error?.Error)
                ? NotOurs<T>(response)
                : new AgentAnswer<T>.Refused((int)response.StatusCode, error.Error, error.WhatToDo ?? "");
        }
        catch (JsonException)
        {
            return NotOurs<T>(response);
        }
    }

    private static AgentAnswer<T>.Refused NotOurs<T>(HttpResponseMessage response) =>
        new(
            (int)response.StatusCode,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{response.RequestMessage?.RequestUri} answered HTTP {(int)response.StatusCode}, unlike an agent"),
            "another program, or another version of Matriarch, listens there: check with matriarch version");

    private static string Describe(HttpRequestException e) => e.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException socket => socket.SocketErrorCode.ToString(),
        IOException => "connection lost",
        _ => e.Message,
    };
}
