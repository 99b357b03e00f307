using System.Collections.Immutable;
using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>
/// One round under clients: (1) the faults come, one after the other; (2) they stay for a while, and where a majority
/// is left writes have to come back; (3) what was broken is put right; (4) the cluster converges by itself; (5) the
/// history is judged.
/// </summary>
internal sealed class RoundPlayer(ChaosWorld world, Clients clients, Survey survey, HistoryChecker checker)
{
    private const int WritesThatAreBack = 10;
    private static readonly TimeSpan ReturnDeadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan HealthDeadline = TimeSpan.FromSeconds(240);

    private readonly List<string> _notes = [];
    private readonly List<Violation> _violations = [];

    /// <summary>Plays it; whatever goes wrong is in the result.</summary>
    public async Task<RoundResult> PlayAsync(int number, Plan plan)
    {
        var begin = world.Recorder.Now;
        var result = new RoundResult { Number = number, Names = [.. plan.Faults.Select(f => f.Name)], Faults = "" };
        try
        {
            await InjectAsync(plan);
            await Task.Delay(plan.Hold, world.Time);
            await ComeBackAsync(plan);
            var healing = world.Recorder.Now;
            result = result with { Held = healing - begin };
            await HealAsync(plan);
            await ConvergeAsync();
            result = result with { Converged = world.Recorder.Now - healing };
        }
        catch (TimeoutException e)
        {
            result = result with { NotConverged = e.Message };
        }

        result = result with
        {
            Faults = string.Join(" + ", plan.Faults), Outage = world.Recorder.LongestGapSince(begin),
        };
        return await JudgeAsync(plan, result);
    }

    private async Task InjectAsync(Plan plan)
    {
        var random = new Random(plan.Seed);
        foreach (var (index, fault) in plan.Faults.Index())
        {
            if (index > 0)
            {
                await Task.Delay(plan.Between, world.Time);
            }

            await TryAsync(fault, "injected", () => fault.InjectAsync(world, new Random(random.Next())));
        }
    }

    private async Task ComeBackAsync(Plan plan)
    {
        var hurt = plan.Faults.Aggregate(ImmutableHashSet<string>.Empty, (all, f) => all.Union(f.Hurts));
        if (Expectation.WritesComeBack(hurt, world.Network.Separates))
        {
            await clients.WriteOnAsync(
                $"writes come back while {string.Join(" + ", plan.Faults)} lasts", WritesThatAreBack, ReturnDeadline);
        }
    }

    private async Task HealAsync(Plan plan)
    {
        foreach (var fault in plan.Faults.Reverse())
        {
            await TryAsync(fault, "healed", () => fault.HealAsync(world));
        }

        var expected = plan.Faults.Aggregate(ImmutableHashSet<string>.Empty, (all, f) => all.Union(f.Hurts));
        foreach (var host in await world.StartMissingAsync())
        {
            if (!expected.Contains(host))
            {
                _notes.Add($"the agent or gateway of {host} had ended by itself and was started again");
            }
        }
    }

    private async Task ConvergeAsync()
    {
        await world.IsHealthyAsync(HealthDeadline);
        await clients.WriteOnAsync("writes go on in the healthy cluster", WritesThatAreBack, ReturnDeadline);
        await Eventually.HoldsAsync("all rows are read", ReadAllAsync, ReturnDeadline);
    }

    private async Task<bool> ReadAllAsync()
    {
        await clients.ReadAllAsync();
        return true;
    }

    // A fault that cannot be injected because another one is on is no failure of the cluster: convergence is judged.
    private async Task TryAsync(Fault fault, string what, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (ViolationException e)
        {
            _violations.Add(e.Violation);
        }
        catch (Exception e) when (ChaosTable.IsFailure(e) || e is InvalidOperationException)
        {
            _notes.Add($"{fault.Name} could not be {what} whole: {e.Message}");
        }
    }

    private async Task<RoundResult> JudgeAsync(Plan plan, RoundResult result)
    {
        ImmutableArray<RuleRow> rules = [];
        ImmutableArray<TimelineFile> timelines = [];
        if (result.NotConverged is null)
        {
            rules = await survey.RulesAsync();
            timelines = survey.Timelines();
        }

        var (writes, reads, errors) = world.Recorder.Cut();
        var round = new Round
        {
            Writes = writes, Reads = reads, Rules = rules, Timelines = timelines,
            Rewound = await survey.RewoundAsync(), Foreign = [.. world.Foreign],
            Unfenced = plan.Faults.Aggregate(ImmutableHashSet<string>.Empty, (all, f) => all.Union(f.Unfenced)),
        };
        var verdict = checker.Check(round);
        if (!verdict.IsClean)
        {
            await HistoryText.WriteAsync(
                world.Place.Log($"history-of-round-{result.Number}"), round, verdict.Violations);
        }

        return result with
        {
            Acknowledged = writes.Count(w => w.Outcome == Outcome.Acknowledged),
            Reads = reads.Length, Errors = errors.ToImmutableSortedDictionary(), Documented = verdict.Documented,
            Notes = [.. _notes], Violations = [.. _violations, .. verdict.Violations],
        };
    }
}
