using System.Globalization;
using System.Security.Cryptography;

namespace Matriarch.Postgres;

/// <summary>
/// matriarch.conf and the passfiles of the data directory. Every change is written whole, and all but the beginning of
/// a following durable; telling the server to read it is up to the caller.
/// </summary>
internal sealed class DynamicConfiguration(ServerPaths paths, OsUser user, ServerSecrets secrets)
{
    private readonly Lock _lock = new();

    private string FilePath => Path.Combine(paths.Data, ServerConfiguration.DynamicFileName);

    /// <summary>What the file says now.</summary>
    public DynamicSettings Read()
    {
        lock (_lock)
        {
            return File.Exists(FilePath) ? DynamicSettings.Parse(File.ReadAllText(FilePath)) : DynamicSettings.Empty;
        }
    }

    /// <summary>Changes the file.</summary>
    public void Change(Func<DynamicSettings, DynamicSettings> change) => Change(change, DurableFile.Replace);

    private void Change(Func<DynamicSettings, DynamicSettings> change, Action<string, string, OsUser?> replace)
    {
        lock (_lock)
        {
            replace(FilePath, change(Read()).Render(), user);
        }
    }

    /// <summary>
    /// Follows the upstream, with a passfile of its own. Not synced, because clients may wait for this standby: after a
    /// crash of the machine it follows nobody until it is told again, and every start writes the files anew.
    /// </summary>
    /// <param name="self">This node.</param>
    /// <param name="upstream">Whom.</param>
    /// <param name="isInHurry">
    /// Clients wait for this standby: its next WAL segment, the first of a new timeline, is not filled with zeros
    /// before WAL goes into it. Until <see cref="EndHurry"/>.
    /// </param>
    public void Follow(Core.NodeId self, Upstream upstream, bool isInHurry = false)
    {
        BurnPassfiles();
        var suffix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var passfile = Path.Combine(
            paths.NodeDirectory,
            ServerPaths.PassfilePrefix + upstream.Term.Value.ToString(CultureInfo.InvariantCulture) + "-" + suffix);
        DurableFile.ReplaceUnsynced(passfile, Passfile(secrets.ReplicationPassword), user);

        var connection = string.Join(' ', [
            $"host={LibpqValue(upstream.Host)}",
            $"port={upstream.Port.ToString(CultureInfo.InvariantCulture)}",
            $"user={ServerSecrets.ReplicationName}",
            "dbname=postgres", // for the worker that copies slots, from PostgreSQL 17 on; before, it means nothing here
            $"passfile={LibpqValue(passfile)}",
            $"application_name={self}",
            "sslmode=prefer", "gssencmode=disable", "connect_timeout=3",
            "keepalives=1", "keepalives_idle=2", "keepalives_interval=1", "keepalives_count=3", "tcp_user_timeout=5000",
        ]);
        Change(
            s => s.Detached()
                .With(DynamicSettings.PrimaryConnInfo, connection)
                .With(DynamicSettings.PrimarySlotName, Core.SlotName.For(self).Value)
                .With(DynamicSettings.WalInitZero, isInHurry ? "off" : ""),
            DurableFile.ReplaceUnsynced);
    }

    /// <summary>Segments are filled with zeros again, as the server's own configuration says.</summary>
    public void EndHurry() => Change(s => s.With(DynamicSettings.WalInitZero, ""));

    /// <summary>
    /// Follows nobody. The passfiles go too: the startup process applies the change only when it comes to it, and may
    /// until then launch another WAL receiver with the old connection string, which now cannot prove who it is.
    /// </summary>
    public void Detach()
    {
        Change(s => s.Detached());
        BurnPassfiles();
    }

    /// <summary>The same, where there may be no data directory.</summary>
    public void DetachIfPresent()
    {
        if (Directory.Exists(paths.Data))
        {
            Detach();
        }
        else
        {
            BurnPassfiles();
        }
    }

    private void BurnPassfiles()
    {
        var removed = false;
        foreach (var file in Directory.EnumerateFiles(paths.NodeDirectory, ServerPaths.PassfilePrefix + "*"))
        {
            File.Delete(file);
            removed = true;
        }

        if (removed)
        {
            Posix.SyncDirectory(paths.NodeDirectory);
        }
    }

    /// <summary>The content of a libpq password file that answers for every server.</summary>
    public static string Passfile(string password) =>
        "*:*:*:*:" + password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:",
        StringComparison.Ordinal) + "\n";

    /// <summary>A value as libpq's connection strings write it.</summary>
    public static string LibpqValue(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
