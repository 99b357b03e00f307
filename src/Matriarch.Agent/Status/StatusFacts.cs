using System.Collections.Immutable;

namespace Matriarch.Agent;

/// <summary>
/// Everything that is true of the instance and of this node at a moment, as facts that hold side by side. Pure: the
/// same picture gives the same facts.
/// </summary>
internal static class StatusFacts
{
    public static ImmutableArray<StatusFact> Of(StatusPicture picture) =>
    [
        HealthFacts.Of(picture),
        FailoverFacts.Of(picture),
        .. ReplicationFacts.Of(picture),
        .. MembershipFacts.Of(picture),
        .. DurabilityFacts.Of(picture),
        .. PauseFacts.Of(picture),
        .. SwitchoverFacts.Of(picture),
        .. OwnFacts.Of(picture),
        .. LogicalSlotFacts.Of(picture),
    ];
}
