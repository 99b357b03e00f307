namespace Matriarch.Bench.Failover;

/// <summary>A time in which no client had a write acknowledged.</summary>
/// <param name="Begin">The acknowledgement before it, since the ledger began.</param>
/// <param name="End">The first one after it.</param>
internal readonly record struct Gap(TimeSpan Begin, TimeSpan End)
{
    public TimeSpan Length => End - Begin;
}
