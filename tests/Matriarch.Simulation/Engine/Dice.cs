namespace Matriarch.Simulation;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): the seeded generator of the library costs more per draw, and much more per
/// seed, than the whole step that draws.
/// </summary>
internal sealed class Dice(ulong seed) : Random
{
    private ulong _state = seed;

    public override int Next() => (int)(Draw() >> 33);

    public override int Next(int maxValue) => (int)(((Draw() >> 32) * (ulong)maxValue) >> 32);

    public override int Next(int minValue, int maxValue) => minValue + Next(maxValue - minValue);

    public override long NextInt64(long maxValue) => (long)Math.BigMul(Draw(), (ulong)maxValue, out _);

    public override long NextInt64(long minValue, long maxValue) => minValue + NextInt64(maxValue - minValue);

    public override double NextDouble() => (Draw() >> 11) * (1.0 / (1ul << 53));

    protected override double Sample() => NextDouble();

    private ulong Draw()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
