using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>
/// kill -9 of one process of PostgreSQL that is not the postmaster: all others of that server end with it.
/// </summary>
/// <param name="name">Of the fault.</param>
/// <param name="title">What the process says of itself.</param>
/// <param name="onPrimary">Whether it is a process of the primary; of a replica otherwise.</param>
internal sealed class KillServerProcess(string name, string title, bool onPrimary) : Fault
{
    public override string Name => name;

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        var primary = await world.PrimaryAsync();
        var node = onPrimary ? primary : Pick(ChaosWorld.Others(primary), random);
        var processes = await world.PostgresAsync(node, title);
        Detail = processes.Count == 0 ? $"{node} had none" : node;
        if (processes.Count > 0)
        {
            ProcessSignal.Kill(Pick(processes, random));
        }
    }
}
