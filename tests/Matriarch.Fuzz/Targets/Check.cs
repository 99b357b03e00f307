namespace Matriarch.Fuzz;

/// <summary>What must hold whatever comes.</summary>
internal static class Check
{
    /// <exception cref="FuzzFindingException">It does not hold.</exception>
    public static void That(bool holds, string what)
    {
        if (!holds)
        {
            throw new FuzzFindingException(what);
        }
    }
}
