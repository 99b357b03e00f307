using System.Globalization;
using System.Text.Json;
using Matriarch.Client;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.Chaos;

/// <summary>What runs in one cell: a node with its agent, a gateway, in some cells a store.</summary>
internal sealed class CellHost(LabCluster cluster, LabNetwork network, string node)
{
    public string Node => node;

    /// <summary>How stale the agent says that its node is, in seconds; null when it does not know.</summary>
    public async Task<double?> StalenessAsync() =>
        (await cluster.Agent(node).StalenessAsync(CancellationToken.None)).ValueOrDefault?.Seconds;

    /// <summary>The instance as the agent of the cell sees it.</summary>
    public async Task<InstanceStatus> StatusAsync() =>
        (await cluster.Agent(node).StatusAsync(CancellationToken.None)).ValueOrDefault?.Instances[0]
        ?? throw new InvalidOperationException($"the agent of {node} does not answer");

    /// <summary>Whether the agent of the cell says so of itself now.</summary>
    public async Task<bool> SaysAsync(string kind) =>
        (await StatusAsync()).Facts?.Any(f => f.Kind == kind && f.Node == node) == true;

    /// <summary>The primary by the gateway of the cell, and how many nodes it knows.</summary>
    public async Task<(string? Primary, int Nodes)> GatewayViewAsync()
    {
        using var status = JsonDocument.Parse(await cluster.CellGatewayStatusAsync(node));
        return status.RootElement.TryGetProperty("view", out var view) && view.ValueKind == JsonValueKind.Object
            ? (view.GetProperty("primary").GetString(), view.GetProperty("nodes").GetArrayLength())
            : (null, 0);
    }

    /// <summary>Which node answers through the gateway of the cell.</summary>
    public async Task<string> AskAsync(string database) => LabNetwork.HostOf(
        await ChaosTable.ScalarAsync<string>(
            cluster.Through(node, database), "select host(inet_server_addr())"));

    /// <summary>What the gateway of the cell refuses with; null when it does not.</summary>
    public async Task<PostgresException?> RefusalAsync(string database)
    {
        try
        {
            await AskAsync(database);
            return null;
        }
        catch (PostgresException e)
        {
            return e;
        }
    }

    /// <summary>kill -9 of the processes of the cell with these words in their command line.</summary>
    public async Task KillAsync(string words)
    {
        foreach (var process in await network.ProcessesAsync(node))
        {
            if (CommandLineOf(process).Contains(words, StringComparison.Ordinal))
            {
                ProcessSignal.Kill(process);
            }
        }

        await Eventually.HoldsAsync(
            $"\"{words}\" has ended on {node}",
            async () => !(await network.ProcessesAsync(node)).Any(
                p => CommandLineOf(p).Contains(words, StringComparison.Ordinal)));
    }

    private static string CommandLineOf(int process)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline"))
                .Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // it has ended meanwhile
        }
    }
}
