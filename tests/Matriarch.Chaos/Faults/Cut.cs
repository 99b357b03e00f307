using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>
/// Packets between hosts vanish without an answer; connections that exist stay half open.
/// </summary>
/// <param name="name">Of the fault.</param>
/// <param name="choose">Whom it hits, of the primary and its replicas: a host, and those that it cannot reach.</param>
/// <param name="isolates">Whether the first host cannot do its part.</param>
internal sealed class Cut(
    string name, Func<string, IReadOnlyList<string>, Random, (string Host, IEnumerable<string> Others)> choose,
    bool isolates) : Fault
{
    public override string Name => name;

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        var primary = await world.PrimaryAsync();
        var (host, others) = choose(primary, ChaosWorld.Others(primary), random);
        var all = others.ToList();
        Detail = $"{host} | {string.Join(' ', all)}";
        Hurts = isolates ? [host] : [];
        await world.Network.CutAsync(host, all);
    }

    public override Task HealAsync(ChaosWorld world) => world.Network.MendAsync();
}
