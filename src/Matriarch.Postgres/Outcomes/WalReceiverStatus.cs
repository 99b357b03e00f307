using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>The WAL receiver of a standby (pg_stat_wal_receiver).</summary>
/// <param name="Status">PostgreSQL's word: starting, streaming, waiting, restarting, stopping.</param>
/// <param name="Timeline">The timeline being received; null before the first message.</param>
/// <param name="FlushedLsn">Made durable.</param>
/// <param name="SenderHost">Where it is connected to; null before it is.</param>
/// <param name="SenderPort">Likewise.</param>
public sealed record WalReceiverStatus(
    string Status, Timeline? Timeline, Lsn? FlushedLsn, string? SenderHost, int? SenderPort)
{
    /// <summary>Whether WAL is flowing.</summary>
    public bool IsStreaming => Status == "streaming";
}
