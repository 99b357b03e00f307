using System.Collections.Concurrent;

namespace Matriarch.Models.Tests;

/// <summary>The model's traces, replayed against the state machines that the product runs.</summary>
public sealed class ReplayTests(ModelRuns runs)
{
    /// <summary>
    /// All but those that happen outside of the code: a disk that comes back under its old name, and a promotion to
    /// another timeline.
    /// </summary>
    public static TheoryData<string> SeenBreakages =>
        new(ModelRuns.Breakages.Where(b => b is not ("keepsLife" or "countsTimelines")));

    [Fact]
    public void The_code_does_what_the_model_does()
    {
        var (traces, steps) = (0, 0);
        var disagreements = new ConcurrentQueue<string>();
        Parallel.ForEach(runs.ProtocolTraces.Concat(runs.SabotageTraces), file =>
        {
            var trace = ModelState.ReadTrace(file);
            if (trace[0].Sabotage.Length > 0)
            {
                return;
            }

            try
            {
                Interlocked.Add(ref steps, new Replayer(trace).Run());
                Interlocked.Increment(ref traces);
            }
            catch (DisagreementException wrong)
            {
                disagreements.Enqueue($"{Path.GetFileName(file)}: {wrong.Message}");
            }
        });
        Assert.True(disagreements.IsEmpty, string.Join('\n', disagreements.Order(StringComparer.Ordinal).Take(3)));
        Assert.True(traces > 60 && steps > 3000, $"only {traces} traces of {steps} steps were replayed");
        TestContext.Current.SendDiagnosticMessage($"{traces} traces of {steps} steps");
    }

    [Theory]
    [MemberData(nameof(SeenBreakages))]
    public void A_model_that_breaks_the_protocol_is_not_what_the_code_does(string breakage)
    {
        var traces = runs.SabotageTraces.Select(ModelState.ReadTrace).Where(t => t[0].Sabotage == breakage).ToList();
        Assert.NotEmpty(traces);
        Assert.True(
            traces.Exists(t => Record.Exception(() => new Replayer(t).Run()) is DisagreementException),
            $"the code agrees with a model that {breakage}, in {traces.Count} traces");
    }
}
