using System.Collections.Immutable;

namespace Matriarch.Chaos;

/// <summary>One round.</summary>
/// <param name="Faults">In the order in which they come.</param>
/// <param name="Between">From one to the next.</param>
/// <param name="Hold">How long they stay, at least.</param>
/// <param name="Seed">Of the faults' own draws.</param>
internal sealed record Plan(ImmutableArray<Fault> Faults, TimeSpan Between, TimeSpan Hold, int Seed);
