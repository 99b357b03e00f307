using System.Collections.Immutable;

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
    private string _host = "";
    private ImmutableArray<string> _others = [];

    public override string Name => name;

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        var primary = await world.PrimaryAsync();
        var (host, others) = choose(primary, ChaosWorld.Others(primary), random);
        (_host, _others) = (host, [.. others]);
        Detail = $"{host} | {string.Join(' ', _others)}";
        Hurts = isolates ? [host] : [];
        await world.Network.CutAsync(_host, _others);
    }

    public override Task HealAsync(ChaosWorld world) => world.Network.MendAsync(_host, _others);
}
