using System.Collections.Immutable;
using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>What a leader knows when it decides which standby may restart.</summary>
/// <param name="IsCalm">It serves, and neither a switchover nor a change of members or a pause is on.</param>
/// <param name="Synchronous">Whom commits wait for now; null when that is not known.</param>
/// <param name="Attached">Standbys that stream from this server, by its own word.</param>
/// <param name="Voters">Standbys that vote.</param>
/// <param name="Standbys">All standbys that are known.</param>
internal sealed record TurnPicture(
    bool IsCalm, SynchronousStandbys? Synchronous, ImmutableHashSet<NodeId> Attached, ImmutableArray<NodeId> Voters,
    ImmutableArray<TurnCandidate> Standbys);
