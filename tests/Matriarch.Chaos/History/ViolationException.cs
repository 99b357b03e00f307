namespace Matriarch.Chaos;

/// <summary>A fault has seen by itself what must never be.</summary>
internal sealed class ViolationException(Violation violation) : Exception(violation.Message)
{
    public Violation Violation { get; } = violation;
}
