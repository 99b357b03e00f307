namespace Matriarch.Chaos;

/// <summary>Something that must never be.</summary>
/// <param name="Property">The property, as in the README.</param>
/// <param name="Message">What was seen.</param>
/// <param name="At">When, on the clock of the history; null when it was found at the end.</param>
internal sealed record Violation(string Property, string Message, TimeSpan? At = null);
