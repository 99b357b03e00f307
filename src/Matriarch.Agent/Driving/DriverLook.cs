using System.Collections.Immutable;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>What was known when a look at PostgreSQL began.</summary>
/// <param name="BeganAt">Monotonic time stamp.</param>
/// <param name="Heard">The newest probe of every other node that had been received before.</param>
internal sealed record DriverLook(long BeganAt, ImmutableDictionary<NodeId, Probe> Heard);
