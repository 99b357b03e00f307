using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>
/// What a node must never forget: the life of its promises, the promise itself, and whose data it holds.
/// </summary>
/// <param name="Incarnation">Drawn when the file is made; a lost file means a new one.</param>
/// <param name="Promise">The durable promise.</param>
/// <param name="System">The instance whose data this node has held; none before the first.</param>
internal sealed record NodeIdentity(Incarnation Incarnation, Promise Promise, SystemIdentifier System);
