using Microsoft.Data.Sqlite;

namespace Matriarch.Topology;

/// <summary>
/// The state of one watch: what its reader has been told. <c>PRAGMA data_version</c> says without touching the file
/// whether any other connection has committed since; the watch has its own connection, so writes of its own process
/// count too.
/// </summary>
internal sealed class EmbeddedWatch(EmbeddedConnection connection, string cluster, StorePrefix prefix) : IDisposable
{
    private HashSet<StoreKey>? _told;
    private int _generation;
    private long _dataVersion;
    private long _revision;

    /// <summary>What has changed since the last call; null when nothing has.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public async ValueTask<ChangeSet?> PollAsync(CancellationToken cancellation)
    {
        var open = await connection.GetAsync(cancellation);
        try
        {
            return Poll(open);
        }
        catch (SqliteException e)
        {
            throw connection.Fail(e);
        }
    }

    public void Dispose() => connection.Dispose();

    private ChangeSet? Poll(SqliteConnection open)
    {
        // Read before the content: a commit in between is then seen twice instead of never.
        var dataVersion = EmbeddedSql.Number(open, "PRAGMA data_version");
        var isSameFile = _told is not null && _generation == connection.Generation;
        if (isSameFile && dataVersion == _dataVersion)
        {
            return null;
        }

        EmbeddedSql.Execute(open, "BEGIN");
        var (revision, lastDeletion) = EmbeddedSql.Revisions(open);
        var changes = _told is not null && isSameFile && revision >= _revision
            ? ReadDelta(open, _told, lastDeletion)
            : ReadAll(open);
        EmbeddedSql.Execute(open, "COMMIT");

        _generation = connection.Generation;
        _dataVersion = dataVersion;
        _revision = revision;
        return changes;
    }

    private ChangeSet ReadAll(SqliteConnection open)
    {
        var kind = _told is null ? ChangeSetKind.Snapshot : ChangeSetKind.Reset;
        var entries = EmbeddedSql.WrittenSince(open, cluster, prefix, 0);
        _told = [.. entries.Select(e => e.Key)];
        return new ChangeSet(kind, [.. entries], []);
    }

    private ChangeSet? ReadDelta(SqliteConnection open, HashSet<StoreKey> told, long lastDeletion)
    {
        var written = EmbeddedSql.WrittenSince(open, cluster, prefix, _revision);
        List<StoreKey> deleted = [];
        if (lastDeletion > _revision)
        {
            var present = EmbeddedSql.Keys(open, cluster, prefix);
            deleted = [.. told.Where(k => !present.Contains(k)).Order()];
        }

        told.ExceptWith(deleted);
        told.UnionWith(written.Select(e => e.Key));
        return written.Count == 0 && deleted.Count == 0
            ? null
            : new ChangeSet(ChangeSetKind.Delta, [.. written], [.. deleted]);
    }
}
