using Matriarch.Core;
using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>
/// Called twice: by a person or a test, and then by itself inside a lab. The outer call makes the lab and removes it;
/// the inner one breaks and judges and may die at any moment, since all that it has started lives in the lab.
/// </summary>
internal static class Program
{
    private const string Inside = "--inside";
    private const string LabPrefix = "matriarch-chaos-";

    public static async Task<int> Main(string[] arguments)
    {
        try
        {
            return arguments is [Inside, var lab, var directory, .. var rest]
                ? await PlayAsync(ChaosOptions.Parse(rest), new LabNetwork(lab), directory)
                : await LabSupervisor.RunAsync(
                    LabPrefix, ChaosOptions.Parse(arguments).Directory,
                    (network, place) => [Inside, network.Name, place, .. arguments], TimeProvider.System);
        }
        catch (UserException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            await Console.Error.WriteLineAsync($"what to do: {e.WhatToDo}");
            return e.ExitCode;
        }
    }

    private static Task<int> PlayAsync(ChaosOptions options, LabNetwork network, string directory) => options.Cells
        ? CellScenario.PlayAsync(options, network, directory, Console.Out, TimeProvider.System)
        : new ChaosSession(options, network, directory, Console.Out, TimeProvider.System).RunAsync();
}
