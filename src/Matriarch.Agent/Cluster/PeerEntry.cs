using System.Net;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>One other node.</summary>
/// <param name="Facts">What it said last, or what the store says.</param>
/// <param name="Endpoint">Where heartbeats go; null while its address cannot be resolved.</param>
/// <param name="HeardAt">Monotonic time stamp of its last heartbeat; null when it was never heard.</param>
/// <param name="Incarnation">The life of its promises in which it said so; 0 when that is not known.</param>
internal sealed record PeerEntry(
    NodeFacts Facts, IPEndPoint? Endpoint, long? HeardAt, Incarnation Incarnation = default);
