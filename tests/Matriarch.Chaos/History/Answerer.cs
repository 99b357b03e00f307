namespace Matriarch.Chaos;

/// <summary>Who answered a client, in its own words.</summary>
/// <param name="Node">The node whose PostgreSQL it was.</param>
/// <param name="Term">The highest in its matriarch.rule.</param>
/// <param name="Timeline">Of the WAL that it wrote; 0 when it was not asked.</param>
internal readonly record struct Answerer(string Node, long Term, long Timeline = 0);
