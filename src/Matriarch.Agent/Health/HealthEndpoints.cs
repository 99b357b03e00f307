using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Matriarch.Client;
using Matriarch.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Primitives;

namespace Matriarch.Agent;

/// <summary>
/// The health endpoints, under the names that HAProxy set-ups, Kubernetes probes and Patroni's users know. They need no
/// token, change nothing, and answer 200 or 503.
/// </summary>
internal sealed class HealthEndpoints(NodeHealthSource source)
{
    private const string PatroniPath = "/patroni";
    private const string Methods = "GET, HEAD, OPTIONS";

    private static readonly object HealthOnly = new();

    /// <summary>With the plus sign of a time zone as it is: some read this with less than a JSON parser.</summary>
    private static readonly PatroniJson InPatronisWords = new(new JsonSerializerOptions(PatroniJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    private static readonly FrozenDictionary<string, HealthQuestion> Questions = new Dictionary<string, HealthQuestion>
    {
        ["/"] = HealthQuestion.Primary,
        ["/primary"] = HealthQuestion.Primary,
        ["/leader"] = HealthQuestion.Primary,
        ["/master"] = HealthQuestion.Primary,
        ["/read-write"] = HealthQuestion.Primary,
        ["/replica"] = HealthQuestion.Replica,
        ["/read-only"] = HealthQuestion.ReadOnly,
        ["/sync"] = HealthQuestion.Synchronous,
        ["/synchronous"] = HealthQuestion.Synchronous,
        ["/quorum"] = HealthQuestion.Synchronous,
        ["/async"] = HealthQuestion.Asynchronous,
        ["/asynchronous"] = HealthQuestion.Asynchronous,
        ["/health"] = HealthQuestion.PostgresIsUp,
        ["/liveness"] = HealthQuestion.Liveness,
        ["/readiness"] = HealthQuestion.Readiness,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All paths that are answered.</summary>
    public static IEnumerable<string> Paths => Questions.Keys.Append(PatroniPath);

    /// <summary>Makes every connection to an address one that reaches nothing but these endpoints.</summary>
    public static void MarkConnections(ListenOptions address) => address.Use(next => connection =>
    {
        connection.Items[HealthOnly] = HealthOnly;
        return next(connection);
    });

    /// <summary>Middleware: answers a health question, and leaves everything else to the next.</summary>
    public Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value is { Length: > 0 } given ? given : "/";
        var isQuestion = Questions.TryGetValue(path, out var question);
        if (!isQuestion && path != PatroniPath)
        {
            return IsHealthOnly(context)
                ? WriteAsync(context, 404, new ApiError($"there is no {path} here", "see docs/reference/agent-api.md"),
                    ApiJson.Default.ApiError)
                : next(context);
        }

        if (context.Request.Method is not ("GET" or "HEAD" or "OPTIONS"))
        {
            context.Response.Headers.Allow = Methods;
            return WriteAsync(context, 405, new ApiError($"{path} only tells how the node is", $"use {Methods}"),
                ApiJson.Default.ApiError);
        }

        return isQuestion
            ? AnswerAsync(context, question)
            : WriteAsync(context, 200, source.AsPatroni(), InPatronisWords.PatroniDocument);
    }

    private Task AnswerAsync(HttpContext context, HealthQuestion question)
    {
        if (!TryReadLag(context.Request.Query["lag"], out var mostLag))
        {
            return WriteAsync(
                context, 400, new ApiError("lag is not a number of bytes", "write it as 1048576, 1024kB or 10MB"),
                ApiJson.Default.ApiError);
        }

        var health = source.Now();
        var verdict = HealthRules.Judge(question, health, mostLag);
        var document = new HealthDocument(
            HealthRules.IsCurrent(health) ? health.Role : NodeRole.Unknown, health.State, health.Term.Value,
            health.LagBytes, verdict.Reason);
        return WriteAsync(context, verdict.Holds ? 200 : 503, document, HealthJson.Default.HealthDocument);
    }

    /// <summary>False when it is given and is not one number of bytes.</summary>
    private static bool TryReadLag(StringValues given, out long? mostLag)
    {
        mostLag = null;
        if (given.Count == 0)
        {
            return true;
        }

        if (given is not [{ } text] || !ByteCount.TryParse(text, out var bytes))
        {
            return false;
        }

        mostLag = bytes;
        return true;
    }

    private static bool IsHealthOnly(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(HealthOnly) == true;

    /// <summary>Checkers of HEAD and OPTIONS read the status alone.</summary>
    private static async Task WriteAsync<T>(HttpContext context, int status, T document, JsonTypeInfo<T> type)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(document, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Method == "OPTIONS")
        {
            context.Response.Headers.Allow = Methods;
            context.Response.ContentLength = 0;
            return;
        }

        context.Response.ContentLength = body.Length;
        if (context.Request.Method != "HEAD")
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
