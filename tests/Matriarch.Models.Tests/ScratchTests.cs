namespace Matriarch.Models.Tests;
public sealed class ScratchTests
{
    [Fact]
    public void Replay_all()
    {
        var (ok, bad, steps) = (0, 0, 0);
        foreach (var file in Directory.EnumerateFiles(Environment.GetEnvironmentVariable("TRACES")!).Order(StringComparer.Ordinal))
        {
            try { steps += new Replayer(ModelState.ReadTrace(file)).Run(); ok++; }
            catch (DisagreementException e) { if (bad++ < 2) Console.WriteLine(file + "\n" + e.Message); }
        }
        Console.WriteLine($"ok {ok} bad {bad} steps {steps}");
    }
}
