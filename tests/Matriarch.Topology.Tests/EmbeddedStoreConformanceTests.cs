namespace Matriarch.Topology.Tests;

/// <summary>The conformance kit on the embedded store.</summary>
public sealed class EmbeddedStoreConformanceTests : TopologyStoreConformance, IDisposable
{
    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    protected override Task<ITopologyStore> OpenAsync(string cluster) => _directory.OpenPartAsync(cluster);

    protected override Task TakeAwayAsync()
    {
        // As a whole, as an operator or an unmounted file system would.
        Directory.Move(_directory.Path, _directory.Path + ".away");
        return Task.CompletedTask;
    }

    protected override Task BringBackAsync()
    {
        Directory.Move(_directory.Path + ".away", _directory.Path);
        return Task.CompletedTask;
    }

    protected override async Task KeepCopyAsync()
    {
        // The way of the manual: a consistent copy by SQLite itself.
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(
            $"Data Source={_directory.File};Mode=ReadWrite;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"VACUUM INTO '{_directory.File}.copy'";
        await command.ExecuteNonQueryAsync();
    }

    protected override Task RestoreCopyAsync()
    {
        File.Move(_directory.File + ".copy", _directory.File, overwrite: true);
        return Task.CompletedTask;
    }

    protected override Task WipeAsync()
    {
        File.Delete(_directory.File);
        return Task.CompletedTask;
    }
}
