using Matriarch.Core;

namespace Matriarch.Agent;

/// <summary>All that a health question is answered from, at one moment.</summary>
/// <param name="Role">By the latest step of consensus.</param>
/// <param name="State">By that step and the latest look at PostgreSQL.</param>
/// <param name="Term">The newest that this node knows.</param>
/// <param name="IsPostgresUp">It ran and answered at the latest look.</param>
/// <param name="IsSynchronous">The node votes, and the rule makes commits wait for voters.</param>
/// <param name="LagBytes">WAL of the primary that it has not replayed; null when not known.</param>
/// <param name="SinceStep">Since the latest step of consensus; null before the first.</param>
/// <param name="LeaseDuration">How old a step may be for its word on the role to count.</param>
internal sealed record NodeHealth(
    NodeRole Role,
    NodeState State,
    Term Term,
    bool IsPostgresUp,
    bool IsSynchronous,
    long? LagBytes,
    TimeSpan? SinceStep,
    TimeSpan LeaseDuration);
