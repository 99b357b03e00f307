using System.Diagnostics.CodeAnalysis;
using Matriarch.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Matriarch.Topology;

/// <summary>
/// One connection to the shared file that notices when the file is no longer the one it opened, and opens the present
/// one. A missing file is an outage for <see cref="MissingGrace"/> (somebody may be moving it), then a wiped store,
/// which is made anew. Not thread-safe.
/// </summary>
internal sealed partial class EmbeddedConnection(
    EmbeddedFile file, TimeProvider time, ILogger logger, bool verifies = false) : IDisposable
{
    public static readonly TimeSpan MissingGrace = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often a connection that verifies opens the file anew: what an open connection has in its cache hides that
    /// the file under it is damaged.
    /// </summary>
    public static readonly TimeSpan VerifyInterval = TimeSpan.FromSeconds(5);

    private SqliteConnection? _connection;
    private long _openedAt;
    private FileIdentity _identity;
    private long? _missingSince;
    private bool _isOutage;
    private bool _isSuspect;

    /// <summary>True when the connection is open and the file is still the one it opened.</summary>
    [MemberNotNullWhen(true, nameof(_connection))]
    public bool IsCurrent => _connection is not null && file.CurrentIdentity() == _identity;

    /// <summary>Counts openings: when it has changed, whatever was read before may be of another file.</summary>
    public int Generation { get; private set; }

    /// <summary>Opens at the start of a process: what a person must put right is told at once.</summary>
    /// <exception cref="UserException">The file is damaged, foreign or not accessible.</exception>
    public async Task OpenFirstAsync(CancellationToken cancellation)
    {
        try
        {
            await OpenAsync(mayCreate: true, cancellation);
        }
        catch (StoreUnavailableException e)
        {
            Fail(e);
        }
    }

    /// <summary>The open connection to the present file.</summary>
    /// <exception cref="StoreUnavailableException">There is none now.</exception>
    public async ValueTask<SqliteConnection> GetAsync(CancellationToken cancellation)
    {
        if (IsCurrent)
        {
            return verifies && time.GetElapsedTime(_openedAt) >= VerifyInterval
                ? await VerifyAsync(_connection, cancellation)
                : _connection;
        }

        Close();
        try
        {
            return await OpenAsync(MayCreate(), cancellation);
        }
        catch (StoreUnavailableException e)
        {
            Fail(e);
            throw;
        }
        catch (Exception e) when (e is UserException or IOException or UnauthorizedAccessException)
        {
            Fail(e);
            throw new StoreUnavailableException(e.Message, e);
        }
    }

    /// <summary>Closes the connection after an error; the next use opens anew.</summary>
    public StoreUnavailableException Fail(Exception cause)
    {
        Close();
        _isSuspect |= EmbeddedFile.IsDamage(cause);
        if (!_isOutage)
        {
            _isOutage = true;
            LogOutage(logger, file.Path, cause.Message);
        }

        return cause as StoreUnavailableException
            ?? new StoreUnavailableException($"{file.Path}: {cause.Message}", cause);
    }

    public void Dispose() => Close();

    /// <summary>
    /// Opens anew beside the connection that there is, which therefore never becomes the last one to close the file: a
    /// last one locks everybody out while it clears the log away. While that cannot be done the old one goes on.
    /// </summary>
    private async Task<SqliteConnection> VerifyAsync(SqliteConnection old, CancellationToken cancellation)
    {
        try
        {
            var opened = await OpenAsync(mayCreate: false, cancellation);
            old.Dispose();
            return opened;
        }
        catch (StoreUnavailableException)
        {
            _openedAt = time.GetTimestamp();
            return old;
        }
        catch (Exception e) when (e is UserException or IOException or UnauthorizedAccessException)
        {
            Fail(e);
            throw new StoreUnavailableException(e.Message, e);
        }
    }

    private bool MayCreate()
    {
        if (file.CurrentIdentity() is not null)
        {
            _missingSince = null;
            return false;
        }

        _missingSince ??= time.GetTimestamp();
        return time.GetElapsedTime(_missingSince.Value) >= MissingGrace;
    }

    private async Task<SqliteConnection> OpenAsync(bool mayCreate, CancellationToken cancellation)
    {
        // SQLite is synchronous and opening may wait for locks: not on the caller's thread.
        var (connection, identity) = await Task.Run(
            () => file.OpenAsync(mayCreate, cancellation, _isSuspect), cancellation);
        if (_isOutage || (Generation > 0 && identity != _identity))
        {
            LogOpenedAgain(logger, file.Path, identity == _identity ? "the same file" : "another file");
        }

        _connection = connection;
        _openedAt = time.GetTimestamp();
        _identity = identity;
        _missingSince = null;
        _isOutage = _isSuspect = false;
        Generation++;
        return connection;
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
