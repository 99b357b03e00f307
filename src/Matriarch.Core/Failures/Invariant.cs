using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Matriarch.Core;

/// <summary>
/// Invariants of the control path. They stay on in release builds: a process that is wrong must stop, not go on.
/// </summary>
public static class Invariant
{
    /// <exception cref="InvariantException">The condition does not hold.</exception>
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        string meaning,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition)
        {
            throw new InvariantException($"{meaning} (violated: {expression})");
        }
    }
}
