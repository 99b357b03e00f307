namespace Matriarch.Agent;

/// <summary>The answer to a health question.</summary>
/// <param name="Holds">200 when true, else 503.</param>
/// <param name="Reason">Why not, in words; null when it holds.</param>
internal readonly record struct HealthVerdict(bool Holds, string? Reason)
{
    /// <summary>Yes.</summary>
    public static readonly HealthVerdict Yes = new(true, null);

    /// <summary>No, and why.</summary>
    public static HealthVerdict No(string reason) => new(false, reason);
}
