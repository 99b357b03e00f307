namespace Matriarch.Fuzz;

/// <summary>A rule that does not hold.</summary>
internal sealed class FuzzFindingException(string what) : Exception(what);
