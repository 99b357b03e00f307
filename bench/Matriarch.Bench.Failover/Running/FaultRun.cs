using System.Collections.Immutable;
using Matriarch.TestKit;

namespace Matriarch.Bench.Failover;

/// <summary>
/// One fault under writers: (1) the cluster is healthy and every client writes; (2) at a random moment of the system's
/// own cycle the fault hits; (3) every client writes to another server, or to another life of the same; (4) what was
/// broken is put right, and the cluster becomes healthy; (5) every write that was ever acknowledged is read back.
/// </summary>
internal sealed class FaultRun(
    IBenchSystem system, LabNetwork network, Fault fault, int clients, Random random, TimeProvider time)
{
    private const int WarmUpWrites = 50;
    private const int WritesAfter = 50;
    private static readonly TimeSpan WarmUpDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RecoveryDeadline = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan HealDeadline = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(60);

    /// <summary>What may still shake after the first writes have come back.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the system says that it is healthy, and PostgreSQL says the same.</summary>
    public static Task IsHealthyAsync(IBenchSystem system, TimeSpan? deadline = null) => Eventually.HoldsAsync(
        $"{system.Name} has a primary and two streaming followers",
        async () => await system.IsHealthyAsync()
            && await WrittenTable.StreamingAsync(system.ConnectionString) == LabNetwork.Nodes.Length - 1,
        deadline ?? HealDeadline);

    /// <summary>Plays it. A run that does not come to its end is a result with a failure.</summary>
    /// <param name="number">For the result.</param>
    /// <param name="key">Of the run's rows; its own for each run of a cluster.</param>
    /// <returns>The result, and all that was acknowledged.</returns>
    public async Task<(RunResult Result, IReadOnlyList<Acknowledgement> Acknowledged)> PlayAsync(int number, int key)
    {
        await IsHealthyAsync(system);
        var primary = await system.PrimaryAsync();
        var result = new RunResult
        {
            System = system.Name, Fault = FaultNames.Of(fault), Run = number, At = time.GetUtcNow(), Primary = primary,
            Clients = clients, LoadBefore = await MachineLook.LoadAsync(),
        };
        await using var writers = Writers.Start(system.ConnectionString, key, clients, time);
        try
        {
            result = await BreakAndHealAsync(writers, primary, result);
        }
        catch (Exception e) when (IsFailure(e))
        {
            result = result with { Failure = e.Message };
        }

        await writers.StopAsync();
        result = await ReadBackAsync(result, writers.Ledger, key);
        return (result with { LoadAfter = await MachineLook.LoadAsync() }, writers.Ledger.Acknowledged);
    }

    private async Task<RunResult> BreakAndHealAsync(Writers writers, string primary, RunResult result)
    {
        await writers.EachWritesAsync(
            "every client writes", WarmUpWrites, TimeSpan.Zero, _ => true, WarmUpDeadline);
        var old = writers.Ledger.Acknowledged[^1].Server;
        var blow = await PrepareAsync(primary);
        await Task.Delay(random.NextDouble() * system.Cycle, time);

        result = result with { At = time.GetUtcNow() };
        var from = writers.Now;
        await blow();
        await writers.EachWritesAsync(
            $"every client writes to another server than that of {primary}",
            WritesAfter, from, server => IsAnother(server, old), RecoveryDeadline);
        await Task.Delay(Settling, time);
        var to = writers.Now;
        result = Look(result, writers.Ledger, from, to, old);

        await HealAsync(primary);
        await IsHealthyAsync(system);
        var healed = writers.Now;
        return WithErrors(result, writers.Ledger.ErrorsFrom(from)) with
        {
            HealMs = (healed - to).TotalMilliseconds,
            HealingGapMs = writers.Ledger.LongestGap(to, healed)?.Length.TotalMilliseconds,
        };
    }

    private bool IsAnother(ServerLife server, ServerLife old) =>
        fault == Fault.Postgres ? server != old : server.Address != old.Address;

    /// <summary>Everything that takes time is done before the moment.</summary>
    private async Task<Func<Task>> PrepareAsync(string primary)
    {
        switch (fault)
        {
            case Fault.Node:
                var processes = await network.ProcessesAsync(primary);
                return () =>
                {
                    foreach (var process in processes)
                    {
                        ProcessSignal.Kill(process);
                    }

                    return network.KillAllAsync(primary, time); // those that have been started meanwhile
                };
            case Fault.Postgres:
                var postmaster = await Postmaster.IdAsync(system.DataDirectory(primary));
                return () =>
                {
                    ProcessSignal.Kill(postmaster);
                    return Task.CompletedTask;
                };
            case Fault.Switchover:
                return system.SwitchoverAsync;
            case Fault.Isolated:
                return () => network.CutAsync(primary, OthersOf(primary));
            default:
                throw new InvalidOperationException($"{fault} is no fault");
        }
    }

    private async Task HealAsync(string primary)
    {
        if (fault == Fault.Node)
        {
            system.StartNode(primary);
        }
        else if (fault == Fault.Isolated)
        {
            await network.MendAsync();
        }
    }

    private static IEnumerable<string> OthersOf(string primary) =>
        LabNetwork.Nodes.Where(n => n != primary).Append(LabNetwork.Store);

    private RunResult Look(RunResult result, Ledger ledger, TimeSpan from, TimeSpan to, ServerLife old)
    {
        var first = ledger.Acknowledged.First(a => a.At >= from && IsAnother(a.Server, old));
        return result with
        {
            OutageMs = ledger.LongestGap(from, to)?.Length.TotalMilliseconds,
            FirstWriteMs = (first.At - from).TotalMilliseconds,
            Successor = LabNetwork.HostOf(first.Server.Address),
        };
    }

    private static RunResult WithErrors(RunResult result, IReadOnlyList<ClientError> errors) => result with
    {
        ClientsWithErrors = errors.Select(e => e.Client).Distinct().Count(),
        FailedWrites = errors.Count(e => !e.IsConnecting),
        FailedConnects = errors.Count(e => e.IsConnecting),
        Errors = errors.GroupBy(e => e.Code).ToImmutableSortedDictionary(g => g.Key, g => g.Count()),
    };

    private async Task<RunResult> ReadBackAsync(RunResult result, Ledger ledger, int key)
    {
        IReadOnlySet<(int Client, long Number)> present = new HashSet<(int Client, long Number)>();
        try
        {
            await Eventually.HoldsAsync(
                "the rows of the run are read back",
                async () =>
                {
                    present = await WrittenTable.ReadAsync(system.ConnectionString, key);
                    return true;
                },
                ReadDeadline);
        }
        catch (TimeoutException e)
        {
            return result with { Failure = $"{result.Failure} {e.Message}".Trim() };
        }

        return result with { Acknowledged = ledger.Acknowledged.Count, Lost = ledger.Missing(present).Count };
    }

    private static bool IsFailure(Exception e) =>
        e is TimeoutException or InvalidOperationException or IOException or HttpRequestException
            or OperationCanceledException;
}
