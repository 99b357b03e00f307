namespace Matriarch.Agent;

/// <summary>
/// The one place of the agent where a random sequence begins; everything below takes it as a parameter.
/// </summary>
#pragma warning disable RS0030 // a composition root may seed
internal sealed class SeededRandom(int seed) : Random(seed);
#pragma warning restore RS0030
