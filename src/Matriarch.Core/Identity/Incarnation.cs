using System.Globalization;

namespace Matriarch.Core;

/// <summary>
/// Which life of a node's durable promises this is. A node that lost its promise file comes back with a new
/// incarnation, does not count as the voter it was, and joins again: otherwise it could break a promise that it no
/// longer remembers.
/// </summary>
public readonly record struct Incarnation(ulong Value)
{
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
