namespace Matriarch.Fuzz;

/// <summary>Runs the fuzzer for a time and says how it went; <c>./test --fuzz</c> calls it.</summary>
internal static class Program
{
    private static readonly TimeSpan LongestScript = TimeSpan.FromSeconds(30);

    public static int Main(string[] arguments)
    {
        if (FuzzOptions.TryParse(arguments) is not { } options)
        {
            Console.Error.WriteLine(FuzzOptions.Usage);
            return 2;
        }

        var time = TimeProvider.System;
        var fuzzer = new Fuzzer(options.Seed, options.Findings, Fuzzer.AllTargets);
        using var watch = time.CreateTimer(Watcher(fuzzer), null, LongestScript, LongestScript);
        var began = time.GetTimestamp();
        fuzzer.Run(() => time.GetElapsedTime(began) < options.Duration);
        var seconds = time.GetElapsedTime(began).TotalSeconds;
        foreach (var finding in fuzzer.Findings)
        {
            Console.WriteLine($"finding: {finding.Target}, script {finding.Number}: {finding.What}");
            Console.WriteLine($"  its bytes: {finding.File}");
        }

        Console.WriteLine($"seed {options.Seed}: {fuzzer.Scripts} scripts, {fuzzer.Executions} executions in"
            + $" {seconds:F0} s, {fuzzer.Executions / seconds:F0} a second");
        Console.WriteLine($"findings: {fuzzer.Findings.Count}");
        return fuzzer.Findings.Count == 0 ? 0 : 1;
    }

    /// <summary>Ends the process when nothing was executed between two looks: whatever plays does not come to an
    /// end.</summary>
    private static TimerCallback Watcher(Fuzzer fuzzer)
    {
        var before = -1L;
        return _ =>
        {
            if (fuzzer.Executions == before && fuzzer.Hang() is { } finding)
            {
                Console.WriteLine($"finding: {finding.Target}, script {finding.Number}: {finding.What}");
                Console.WriteLine($"  its bytes: {finding.File}");
                Console.WriteLine("findings: 1");
                Environment.Exit(1);
            }

            before = fuzzer.Executions;
        };
    }
}
