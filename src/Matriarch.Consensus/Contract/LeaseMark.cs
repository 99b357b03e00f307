using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// A voter's memory of the last heartbeat that it acknowledged to one leader. While the mark is younger than the lease
/// duration that leader may still be serving, unless it is known to be fenced.
/// </summary>
/// <param name="Leadership">Whom it acknowledged; none for "unknown, before this process started".</param>
/// <param name="Age">How long ago, when this was written.</param>
public readonly record struct LeaseMark(Leadership Leadership, TimeSpan Age);
