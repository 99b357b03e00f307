using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>One connected standby (pg_stat_replication).</summary>
/// <param name="ApplicationName">The follower's node name.</param>
/// <param name="State">PostgreSQL's word: startup, catchup, streaming, backup, stopping.</param>
/// <param name="FlushLsn">Durable there, as last reported; null before the first report.</param>
/// <param name="ReplayLsn">Replayed there, as last reported.</param>
public sealed record WalSenderStatus(string ApplicationName, string State, Lsn? FlushLsn, Lsn? ReplayLsn);
