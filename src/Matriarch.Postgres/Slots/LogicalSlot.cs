using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>One persistent logical replication slot.</summary>
/// <param name="Name">1 to 63 characters a-z, 0-9, _.</param>
/// <param name="Plugin">Its output plugin.</param>
/// <param name="Database">The database that it decodes.</param>
/// <param name="RestartLsn">Decoding begins here again after a break; null when it keeps no WAL (any more).</param>
/// <param name="ConfirmedLsn">Its subscriber has confirmed everything that was committed before.</param>
/// <param name="CatalogXmin">It needs the rows of the system catalogues as this transaction saw them.</param>
/// <param name="IsTwoPhase">Prepared transactions are decoded when they are prepared.</param>
/// <param name="IsLost">WAL or catalogue rows that it needs are gone: it can never be used again.</param>
/// <param name="IsActive">A session uses it.</param>
public sealed record LogicalSlot(
    string Name, string Plugin, string Database, Lsn? RestartLsn, Lsn? ConfirmedLsn, Xid? CatalogXmin, bool IsTwoPhase,
    bool IsLost, bool IsActive)
{
    /// <summary>Whether the other, on another node, is a copy of this one, however far each has come.</summary>
    public bool IsSameAs(LogicalSlot other) =>
        (Name, Plugin, Database, IsTwoPhase) == (other.Name, other.Plugin, other.Database, other.IsTwoPhase);
}
