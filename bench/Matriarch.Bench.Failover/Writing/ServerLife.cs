namespace Matriarch.Bench.Failover;

/// <summary>One life of one PostgreSQL server: a server that was restarted is another one.</summary>
/// <param name="Address">Where it listens, as it says itself.</param>
/// <param name="StartedAt">When its postmaster started, in microseconds of the Unix epoch.</param>
internal readonly record struct ServerLife(string Address, long StartedAt);
