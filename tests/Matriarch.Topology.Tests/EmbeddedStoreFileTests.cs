using Matriarch.Core;
using Microsoft.Data.Sqlite;

namespace Matriarch.Topology.Tests;

/// <summary>What people and file systems do to the file under the embedded store.</summary>
public sealed class EmbeddedStoreFileTests : IDisposable
{
    private readonly StoreDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task All_its_files_belong_to_the_owner_alone()
    {
        await using var store = await _directory.OpenAsync();
        await WriteAsync(store, "a", "1");
        var files = Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order().ToList();
        Assert.Equal(["topology.db", "topology.db-lock", "topology.db-shm", "topology.db-wal"], files);
        Assert.All(
            Directory.GetFiles(_directory.Path),
            f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task A_file_open_to_others_is_closed_to_them()
    {
        await (await _directory.OpenAsync()).DisposeAsync();
        File.SetUnixFileMode(_directory.File, (UnixFileMode)0b110_100_100);
        await using var store = await _directory.OpenAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory.File));
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        long version;
        await using (var store = await _directory.OpenAsync())
        {
            version = await WriteAsync(store, "a", "1");
        }

        await using var again = await _directory.OpenAsync();
        Assert.Equal(version, (await again.GetAsync(new StoreKey("a"), Cancellation))?.Version);
        Assert.True(await WriteAsync(again, "b", "1") == version + 1, "revisions go on where they were");
    }

    [Fact]
    public async Task Commits_reach_the_disk_and_the_log_is_a_write_ahead_log()
    {
        await using var store = await _directory.OpenAsync();
        await using var connection = await ConnectAsync();
        Assert.Equal("wal", EmbeddedSql.Text(connection, "PRAGMA journal_mode"));
        var file = new EmbeddedFile(_directory.File, TimeProvider.System);
        var (opened, _) = await file.OpenAsync(mayCreate: false, Cancellation);
        await using (opened)
        {
            Assert.Equal(2, EmbeddedSql.Number(opened, "PRAGMA synchronous"));
        }
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        var text = new string('x', 5000);
        await File.WriteAllTextAsync(_directory.File, text, Cancellation);
        var refusal = await Assert.ThrowsAsync<UserException>(() => _directory.OpenAsync());
        Assert.Contains(_directory.File, refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.WhatToDo);
        Assert.Equal(text, await File.ReadAllTextAsync(_directory.File, Cancellation));
    }

    [Theory]
    [InlineData(4096, 40_000)]
    [InlineData(0, 4096)]
    public async Task A_damaged_store_is_set_aside_and_a_new_one_made(int from, int length)
    {
        await using (var store = await _directory.OpenAsync())
        {
            for (var i = 0; i < 50; i++)
            {
                await WriteAsync(store, $"f/{i}", new string('v', 2000));
            }
        }

        await using (var file = new FileStream(_directory.File, FileMode.Open, FileAccess.Write))
        {
            file.Position = from;
            await file.WriteAsync(Enumerable.Repeat((byte)0x5a, length).ToArray(), Cancellation);
        }

        var damaged = await File.ReadAllBytesAsync(_directory.File, Cancellation);
        await using var healed = await _directory.OpenAsync();
        Assert.Null(await healed.GetAsync(new StoreKey("f/1"), Cancellation));
        await WriteAsync(healed, "a", "1");
        var aside = Assert.Single(Directory.GetFiles(_directory.Path, "topology.db.damaged-*"));
        Assert.Equal(damaged, await File.ReadAllBytesAsync(aside, Cancellation));
    }

    [Fact]
    public async Task A_store_that_is_damaged_under_running_processes_is_healed_for_all_of_them()
    {
        await using var one = await _directory.OpenAsync();
        await using var other = await _directory.OpenAsync();
        for (var i = 0; i < 50; i++)
        {
            await WriteAsync(one, $"f/{i}", new string('v', 2000));
        }

        // Torn and garbage: everything of the file and of its log.
        foreach (var path in new[] { _directory.File, _directory.File + "-wal" })
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(5000);
            await file.WriteAsync(Enumerable.Repeat((byte)0x5a, 5000).ToArray(), Cancellation);
        }

        foreach (var store in new[] { one, other })
        {
            await Eventually.GetAsync("the damaged store is replaced by a new one", () => TryWriteAsync(store));
        }

        Assert.Equal(2, (await other.ListAsync(new StorePrefix("new/"), Cancellation)).Count);
    }

    /// <summary>Reads and writes; null while the store cannot be used or is still the damaged one.</summary>
    private async Task<string?> TryWriteAsync(ITopologyStore store)
    {
        try
        {
            await store.GetAsync(new StoreKey("f/1"), Cancellation);
            return Directory.GetFiles(_directory.Path, "topology.db.damaged-*").Length > 0
                && await store.CompareAndSetAsync(new StoreKey($"new/{Guid.NewGuid():N}"), 0, "1", Cancellation)
                    is WriteResult.Applied
                ? "written"
                : null;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    [Fact]
    public async Task Only_the_newest_damaged_files_are_kept()
    {
        for (var i = 0; i < 5; i++)
        {
            await using (var store = await _directory.OpenAsync())
            {
                await WriteAsync(store, "a", "1");
            }

            await File.WriteAllTextAsync(_directory.File, new string('x', 5000), Cancellation);
        }

        await using var last = await _directory.OpenAsync();
        Assert.Equal(3, Directory.GetFiles(_directory.Path, "topology.db.damaged-*").Length);
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_left_alone()
    {
        await using (var connection = await ConnectAsync(SqliteOpenMode.ReadWriteCreate))
        {
            EmbeddedSql.Execute(connection, "CREATE TABLE entries (a)");
        }

        var before = await File.ReadAllBytesAsync(_directory.File, Cancellation);
        var refusal = await Assert.ThrowsAsync<UserException>(() => _directory.OpenAsync());
        Assert.Contains("not a topology store", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_directory.File, Cancellation));
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused()
    {
        await (await _directory.OpenAsync()).DisposeAsync();
        await using (var connection = await ConnectAsync())
        {
            EmbeddedSql.Execute(connection, "PRAGMA user_version = 2");
        }

        var refusal = await Assert.ThrowsAsync<UserException>(() => _directory.OpenAsync());
        Assert.Contains("format 2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_directory_is_told_at_the_start()
    {
        Directory.Delete(_directory.Path);
        var refusal = await Assert.ThrowsAsync<UserException>(() => _directory.OpenAsync());
        Assert.Contains("does not exist", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_becomes_a_store()
    {
        await File.WriteAllTextAsync(_directory.File, "", Cancellation);
        await using var store = await _directory.OpenAsync();
        await WriteAsync(store, "a", "1");
    }

    [Fact]
    public async Task A_foreign_database_in_the_place_of_an_open_store_is_an_outage_until_it_is_gone()
    {
        await using var store = await _directory.OpenAsync();
        await WriteAsync(store, "a", "1");
        await using var watch = new WatchReader(store, "");
        await watch.SeesAsync("a", "1");
        File.Move(_directory.File, _directory.File + ".kept");
        var (log, index) = (_directory.File + "-wal", _directory.File + "-shm");
        File.Move(log, log + ".kept");
        File.Move(index, index + ".kept");
        await using (var foreign = await ConnectAsync(SqliteOpenMode.ReadWriteCreate))
        {
            EmbeddedSql.Execute(foreign, "CREATE TABLE entries (a)");
        }

        var outage = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.GetAsync(new StoreKey("a"), Cancellation));
        Assert.IsType<UserException>(outage.InnerException);
        File.Delete(_directory.File);
        await watch.SeesAsync("a", null);
        await WriteAsync(store, "a", "2");
        await watch.SeesAsync("a", "2");
    }

    [Fact]
    public async Task The_log_of_a_deleted_store_is_not_replayed_into_its_successor()
    {
        await using var store = await _directory.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await WriteAsync(store, $"old/{i}", new string('v', 3000));
        }

        // Only the main file goes; its log, full of pages, stays behind and is still open.
        Assert.True(new FileInfo(_directory.File + "-wal").Length > 60_000);
        File.Delete(_directory.File);
        await using var other = await _directory.OpenAsync();
        Assert.Empty(await other.ListAsync(StorePrefix.All, Cancellation));
        await WriteAsync(other, "new/a", "1");
        await WriteAsync(store, "new/b", "1");
        Assert.Equal(2, (await store.ListAsync(StorePrefix.All, Cancellation)).Count);
        await using var connection = await ConnectAsync();
        Assert.Equal("ok", EmbeddedSql.Text(connection, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_store_moved_away_with_its_log_and_back_after_it_was_replaced_keeps_what_was_acknowledged()
    {
        await using var store = await _directory.OpenAsync();
        await WriteAsync(store, "a", "before");
        Move("", ".away");
        await using (var other = await _directory.OpenAsync())
        {
            await WriteAsync(other, "b", "meanwhile");
            Assert.Null(await store.GetAsync(new StoreKey("a"), Cancellation));
        }

        Move("", ".gone");
        Move(".away", "");
        Assert.Equal("before", (await store.GetAsync(new StoreKey("a"), Cancellation))?.Value);
        Assert.Null(await store.GetAsync(new StoreKey("b"), Cancellation));
    }

    private void Move(string from, string to)
    {
        foreach (var companion in new[] { "", "-wal", "-shm" })
        {
            if (File.Exists(_directory.File + companion + from))
            {
                File.Move(_directory.File + companion + from, _directory.File + companion + to, overwrite: true);
            }
        }
    }

    private async Task<SqliteConnection> ConnectAsync(SqliteOpenMode mode = SqliteOpenMode.ReadWrite)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={_directory.File};Mode={mode};Pooling=False");
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task<long> WriteAsync(ITopologyStore store, string key, string value)
    {
        var at = new StoreKey(key);
        var entry = await store.GetAsync(at, Cancellation);
        var result = await store.CompareAndSetAsync(at, entry?.Version ?? 0, value, Cancellation);
        return Assert.IsType<WriteResult.Applied>(result).Version;
    }
}
