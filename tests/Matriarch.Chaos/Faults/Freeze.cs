using System.Collections.Immutable;
using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>SIGSTOP of the agent, of all of PostgreSQL, or of both; SIGCONT when a failover may long be over.</summary>
/// <param name="name">Of the fault.</param>
/// <param name="agent">Whether the agent is frozen.</param>
/// <param name="postgres">Whether PostgreSQL is frozen.</param>
internal sealed class Freeze(string name, bool agent, bool postgres) : Fault
{
    private readonly List<int> _frozen = [];

    public override string Name => name;

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Detail = await VictimAsync(world, random);
        Hurts = [Detail];
        Unfenced = agent ? ImmutableHashSet.Create(Detail) : [];
        if (agent && await world.AgentAsync(Detail) is { } id)
        {
            _frozen.Add(id);
        }

        if (postgres)
        {
            _frozen.AddRange(await world.PostgresAsync(Detail));
        }

        _frozen.ForEach(ProcessSignal.Stop);
    }

    public override Task HealAsync(ChaosWorld world) => world.ThawAsync(Detail);
}
