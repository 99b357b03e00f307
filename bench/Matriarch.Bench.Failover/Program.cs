using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.Bench.Failover;

/// <summary>
/// Called twice: by a person, and then by itself inside the lab. The outer call makes the lab and removes it; the inner
/// one measures and may die at any moment, since all that it has started lives in the lab.
/// </summary>
internal static class Program
{
    private const string Inside = "--inside";
    private const string LabPrefix = "matriarch-bench-";

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments.Any(a => a is "--help" or "-h" or "-?"))
        {
            await Console.Out.WriteAsync(Usage.Text);
            return 0;
        }

        try
        {
            return arguments is [Inside, var lab, var directory, .. var rest]
                ? await Session.RunAsync(
                    BenchOptions.Parse(rest), new LabNetwork(lab), directory, Console.Out, TimeProvider.System)
                : await LabSupervisor.RunAsync(
                    LabPrefix, BenchOptions.Parse(arguments).Directory,
                    (network, place) => [Inside, network.Name, place, .. arguments],
                    TimeProvider.System);
        }
        catch (UserException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            await Console.Error.WriteLineAsync($"what to do: {e.WhatToDo}");
            return e.ExitCode;
        }
    }
}
