using System.Net;
using Matriarch.Client;
using Matriarch.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using static Matriarch.Cli.Tests.Samples;

namespace Matriarch.Cli.Tests;

public sealed class GatewayLookTests
{
    [Theory]
    [InlineData(200, """{"status":"serving","primary":"b"}""", "gateway-serving", FactSeverity.Ok)]
    [InlineData(200, """{"status":"waiting"}""", "gateway-waiting", FactSeverity.Info)]
    [InlineData(503, """{"status":"waiting"}""", "gateway-waiting", FactSeverity.Info)]
    [InlineData(503, """{"status":"stopping"}""", "gateway-stopping", FactSeverity.Warning)]
    [InlineData(200, """{"other":1}""", "gateway-unresponsive", FactSeverity.Error)]
    [InlineData(200, "no JSON", "gateway-unresponsive", FactSeverity.Error)]
    public async Task A_gateway_is_what_its_API_says(int code, string body, string kind, FactSeverity severity)
    {
        await using var sandbox = new Sandbox();
        var port = Ports.Draw(1, 0)[0];
        await using var api = await AnswerAsync(port, code, body);

        // A look gives up after its deadline, which a busy machine may need for the first request of a process.
        await Eventually.HoldsAsync(
            $"the gateway is {kind}",
            async () => await LookAsync(sandbox, port, isRunning: true) is { } fact
                && (fact.Kind, fact.Severity) == (kind, severity));
    }

    [Fact]
    public async Task A_process_that_does_not_answer_is_no_gateway_and_neither_is_none()
    {
        await using var sandbox = new Sandbox();
        var port = Ports.Draw(1, 0)[0];

        Assert.Equal("gateway-unresponsive", (await LookAsync(sandbox, port, isRunning: true)).Kind);
        Assert.Equal("gateway-down", (await LookAsync(sandbox, port, isRunning: false)).Kind);
    }

    private static async Task<FactEntry> LookAsync(Sandbox sandbox, int port, bool isRunning)
    {
        var cluster = Cluster(sandbox.Paths.Root);
        cluster = cluster with { Gateway = cluster.Gateway with { ApiPort = port } };
        Directory.CreateDirectory(Path.GetDirectoryName(cluster.Paths.PidFile(LocalGateway.ProcessName))!);
        if (isRunning)
        {
            PidFile.Write(
                cluster.Paths.PidFile(LocalGateway.ProcessName), ProcessIdentity.Of(Environment.ProcessId)!);
        }
        else
        {
            File.Delete(cluster.Paths.PidFile(LocalGateway.ProcessName));
        }

        using var look = new GatewayLook(cluster, TimeProvider.System);
        var status = await look.AddToAsync(
            new ClusterStatus(new StatusDocument([Instance(5, "b")]), new Dictionary<string, string>(), 3),
            TestContext.Current.CancellationToken);
        return Assert.Single(status.Instance("main")!.Facts!);
    }

    private static async Task<WebApplication> AnswerAsync(int port, int code, string body)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = code;
            return context.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return app;
    }
}
