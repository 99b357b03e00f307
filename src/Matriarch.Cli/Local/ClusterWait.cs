using Matriarch.Client;
using Matriarch.Core;
using Npgsql;

namespace Matriarch.Cli;

/// <summary>Waits until a cluster serves: a query through the gateway works, and every replica streams.</summary>
internal sealed class ClusterWait(LocalCluster cluster, TimeProvider time)
{
    /// <summary>How long a start may take; a first start makes and copies data directories.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Looks again and again, and tells each look, until all is ready, a process has ended or time is up.
    /// </summary>
    public async Task<ClusterLook> RunAsync(Action<ClusterLook> onLook, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var reader = new ClusterStatusReader(cluster);
        var query = QueryAsync(stop.Token);
        try
        {
            while (true)
            {
                var look = Judge(await reader.ReadAsync(cancellation), query.IsCompletedSuccessfully);
                onLook(look);
                if (look.IsReady || look.HasDeadProcess || time.GetElapsedTime(start) >= Limit)
                {
                    return look;
                }

                await Task.Delay(Interval, time, cancellation);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await query.ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private ClusterLook Judge(ClusterStatus status, bool gatewayAnswers)
    {
        var running = ClusterProcesses.FindRemembered(cluster);
        var missing = new List<string>();
        string? suspect = null;
        var hasDead = false;
        foreach (var node in cluster.Nodes)
        {
            var instance = status.Instance(cluster.Instance);
            var view = instance?.Nodes.FirstOrDefault(n => string.Equals(n.Name, node.Name, StringComparison.Ordinal));
            if (!running.Agents.ContainsKey(node.Name) && status.Silent.ContainsKey(node.Name))
            {
                missing.Insert(0, $"the agent of {node.Name} has ended");
                suspect = node.ProcessName;
                hasDead = true;
            }
            else if (view is not { State: NodeState.Serving or NodeState.Streaming })
            {
                var state = view is null ? "not known" : Wording.Word(view.State);
                missing.Add($"{node.Name} is {state}{(view?.Reason is { } reason ? ": " + reason : "")}");
                suspect ??= node.ProcessName;
            }
            else if (instance?.Voters is { } voters && !voters.Contains(node.Name, StringComparer.Ordinal))
            {
                missing.Add($"{node.Name} does not vote yet"); // what the screen says of durability shall be what stays
                suspect ??= node.ProcessName;
            }
        }

        if (running.Gateway is null)
        {
            missing.Insert(0, "the gateway has ended");
            suspect = LocalGateway.ProcessName;
            hasDead = true;
        }
        else if (!gatewayAnswers)
        {
            missing.Add("the gateway answers no query yet");
            suspect ??= LocalGateway.ProcessName;
        }

        return new ClusterLook(status, gatewayAnswers, missing, suspect, hasDead);
    }

    // The gateway holds a client until there is a primary, so one patient attempt notices it sooner than many short
    // ones.
    private async Task QueryAsync(CancellationToken cancellation)
    {
        var connection = Connections.Settings(cluster);
        connection.Pooling = false;
        connection.Timeout = (int)Limit.TotalSeconds;
        connection.CommandTimeout = 5;
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        // A number is a type that every client knows.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        await using var gateway = builder.Build();
        while (true)
        {
            try
            {
                await using var command = gateway.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync(cancellation);
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                await Task.Delay(RetryInterval, time, cancellation); // the caller bounds it all
            }
        }
    }
}
