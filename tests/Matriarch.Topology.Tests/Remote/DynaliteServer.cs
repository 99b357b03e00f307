using System.Diagnostics;
using Matriarch.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Topology.Tests;

/// <summary>DynamoDB's stand-in from npm, with its data on files.</summary>
internal sealed class DynaliteServer : StoreServer
{
    private readonly string _program;

    static DynaliteServer()
    {
        // The SDK looks for credentials in its usual places; it must not look for them in the network.
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
    }

    private DynaliteServer(TestDirectory directory, string program)
        : base(directory)
    {
        _program = program;
    }

    public static async Task<DynaliteServer> CreateAsync()
    {
        var program = Required(FindProgram(), "dynalite (npm, into artifacts/npm)");
        var server = new DynaliteServer(await TestDirectory.CreateAsync(), program);
        return await StartedAsync(server);
    }

    public static DynamoDbStore Open(int port, string cluster = "one", RemoteTimings? timings = null) => new(
        DynamoDbAddress.TryParse($"dynamodb://eu-west-1/tests?endpoint=http://127.0.0.1:{port}", out _)!,
        cluster, timings ?? RemoteTimings.Default with { Poll = TimeSpan.FromMilliseconds(50) }, TimeProvider.System,
        NullLogger<DynamoDbStore>.Instance);

    protected override string HealthPath => "/";

    protected override ProcessStartInfo Command() => Command(
        "node", _program, "--host", "127.0.0.1", "--port", $"{Port}", "--path", Data, "--createTableMs", "50",
        "--deleteTableMs", "0");

    // The folder of build results is somewhere above this program.
    private static string? FindProgram()
    {
        for (var here = AppContext.BaseDirectory; here is not null; here = Path.GetDirectoryName(here))
        {
            var program = Path.Combine(here, "npm", "node_modules", "dynalite", "cli.js");
            if (File.Exists(program))
            {
                return program;
            }
        }

        return null;
    }
}
