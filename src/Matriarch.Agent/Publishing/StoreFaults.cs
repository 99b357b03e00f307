namespace Matriarch.Agent;

/// <summary>Which topology stores this agent cannot use now.</summary>
/// <param name="Global">Why it cannot use the global one; null while it can.</param>
/// <param name="HasCell">Whether its cell has one of its own.</param>
/// <param name="Cell">Why it cannot use that; null while it can, or without one.</param>
internal sealed record StoreFaults(string? Global, bool HasCell = false, string? Cell = null)
{
    /// <summary>One store, and it can be used.</summary>
    public static readonly StoreFaults None = new(Global: null);
}
