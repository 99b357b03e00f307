using System.Globalization;
using Matriarch.Client;
using Matriarch.Core;
using Matriarch.Postgres;
using Microsoft.AspNetCore.Http;

namespace Matriarch.Agent;

/// <summary>What the agent's API answers to gateways.</summary>
internal sealed class LeadershipApi(
    LeadershipFeed feed, PostgresServer server, NodeId self, Func<TimeSpan?> staleness)
{
    private const int MostPolls = 512;
    private const int LongestName = 64;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private int _polls;

    /// <summary><c>GET /v1/leadership?after=MARK&amp;wait=SECONDS&amp;gateway=NAME</c>.</summary>
    public async Task<IResult> LeadershipAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var (after, gateway) = (query["after"].ToString(), query["gateway"].ToString());
        var wait = WaitOf(query["wait"].ToString());
        if (gateway.Length > LongestName)
        {
            throw new FormatException($"gateway must have at most {LongestName} characters");
        }

        if (Interlocked.Increment(ref _polls) > MostPolls)
        {
            Interlocked.Decrement(ref _polls);
            return Results.Json(
                new ApiError($"{MostPolls} polls are waiting already", "ask again later"), ApiJson.Default.ApiError,
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        if (gateway.Length > 0)
        {
            feed.Gateways.Asks(gateway, feed.VersionOf(after));
        }

        try
        {
            var document = await feed.WaitAsync(after, wait, context.RequestAborted);
            return Results.Json(document, ApiJson.Default.LeadershipDocument);
        }
        finally
        {
            Interlocked.Decrement(ref _polls);
            if (gateway.Length > 0)
            {
                feed.Gateways.Answered(gateway);
            }
        }
    }

    /// <summary><c>GET /v1/staleness</c>, answered from memory.</summary>
    public IResult Staleness() => Results.Json(
        new StalenessDocument(self.Value, staleness()?.TotalSeconds), ApiJson.Default.StalenessDocument);

    /// <summary><c>POST /v1/scram/client-key</c>.</summary>
    public async Task<IResult> ClientKeyAsync(HttpContext context)
    {
        var request = await context.Request.ReadFromJsonAsync(ApiJson.Default.ClientKeyRequest, context.RequestAborted);
        return Results.Json(
            await ClientKeys.RecoverAsync(request, server, context.RequestAborted), ApiJson.Default.ClientKeyDocument);
    }

    private static TimeSpan WaitOf(string text)
    {
        if (text.Length == 0)
        {
            return TimeSpan.Zero;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= LongestWait.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"wait must be 0 to {LongestWait.TotalSeconds} seconds");
    }
}
