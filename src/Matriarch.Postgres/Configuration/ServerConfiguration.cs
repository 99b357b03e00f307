using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// The configuration files of the server, which Matriarch owns whole: postgresql.conf and pg_hba.conf are written anew
/// before every start, and nothing in them is worth keeping. What changes while the server runs is in <see
/// cref="DynamicSettings"/>.
/// </summary>
internal sealed class ServerConfiguration(
    PostgresInstallation installation, PostgresOptions options, NodeId self, OsUser user)
{
    public const string DynamicFileName = "matriarch.conf";

    private const string AccessRules = """
        # Written by Matriarch before every start. Changes are lost.
        # Everyone proves a password, from wherever; there is no trust and there are no local sockets.
        host all all 0.0.0.0/0 scram-sha-256
        host all all ::/0 scram-sha-256
        host replication all 0.0.0.0/0 scram-sha-256
        host replication all ::/0 scram-sha-256

        """;

    /// <summary>Writes the static files into a data directory.</summary>
    public void WriteStatic(string data)
    {
        DurableFile.Replace(Path.Combine(data, "postgresql.conf"), Render(), user);
        DurableFile.Replace(Path.Combine(data, "pg_hba.conf"), AccessRules, user);
        DurableFile.Replace(Path.Combine(data, "pg_ident.conf"), "", user);
    }

    /// <summary>
    /// Removes what ALTER SYSTEM set of the parameters that we own: PostgreSQL reads that file last, so it would win.
    /// </summary>
    /// <returns>The names removed.</returns>
    public ImmutableArray<string> StripAlterSystem(string data)
    {
        var path = Path.Combine(data, "postgresql.auto.conf");
        if (!File.Exists(path))
        {
            return [];
        }

        var removed = ImmutableArray.CreateBuilder<string>();
        var kept = new StringBuilder();
        foreach (var line in File.ReadAllLines(path))
        {
            var name = line.Split('=', 2)[0].Trim();
            var first = name.Split(' ', 2)[0];
            if (name.Length > 0 && name[0] != '#' && OwnedParameters.Contains(first))
            {
                removed.Add(first);
            }
            else
            {
                kept.Append(line).Append('\n');
            }
        }

        if (removed.Count > 0)
        {
            DurableFile.Replace(path, kept.ToString(), user);
        }

        return removed.ToImmutable();
    }

    private string Render()
    {
        var text = new StringBuilder(
            "# Written by Matriarch before every start. Changes are lost: use postgres.parameters.\n");
        foreach (var (name, value) in options.Parameters.OrderBy(p => p.Key, StringComparer.OrdinalIgnoreCase))
        {
            Append(text, name, value);
        }

        text.Append("\n# What the promises of the protocol rest on.\n");
        foreach (var (name, value) in Static())
        {
            Append(text, name, value);
        }

        return text.Append("\ninclude '").Append(DynamicFileName).Append("'\n").ToString();
    }

    private IEnumerable<(string Name, string Value)> Static()
    {
        yield return ("listen_addresses", options.Host);
        yield return ("port", options.Port.ToString(CultureInfo.InvariantCulture));
        // The path of a socket may have at most 107 bytes, and a node directory may be deeper than that.
        yield return ("unix_socket_directories", "");
        yield return ("cluster_name", self.Value);

        // A crashed backend must not bring a primary back behind the back of consensus.
        yield return ("restart_after_crash", "off");
        yield return ("hot_standby", "on");
        yield return ("wal_level", "logical");
        yield return ("wal_log_hints", "on");
        yield return ("fsync", "on");
        yield return ("full_page_writes", "on");
        yield return ("synchronous_commit", "on");
        yield return ("recovery_target_timeline", "latest");
        yield return ("recovery_min_apply_delay", "0");
        // Copies of logical slots turn it on in matriarch.conf, which comes later, as long as there are any.
        yield return ("hot_standby_feedback", options.HotStandbyFeedback ? "on" : "off");

        yield return ("max_wal_senders", "32");
        yield return ("max_replication_slots", "64");
        yield return ("max_slot_wal_keep_size",
            $"{options.MaxSlotWalKeepMegabytes.ToString(CultureInfo.InvariantCulture)}MB");
        // A rewind reads this node's own WAL back to the last common checkpoint, which no slot keeps.
        yield return ("wal_keep_size", "256MB");
        yield return ("wal_retrieve_retry_interval", "100ms");
        yield return ("wal_receiver_timeout", "5s");
        yield return ("wal_sender_timeout", "5s");
        yield return ("wal_receiver_status_interval", "1s");

        yield return ("password_encryption", "scram-sha-256");
        yield return ("superuser_reserved_connections", "8");
        yield return ("logging_collector", "off");
        yield return ("log_destination", "stderr");
        yield return ("lc_messages", "C");
        if (!options.Parameters.ContainsKey("recovery_init_sync_method"))
        {
            // After a crash one syncfs instead of an fsync per file: on a busy disk it halved the time of a restart.
            yield return ("recovery_init_sync_method", "syncfs");
        }

        if (!options.Parameters.ContainsKey("log_line_prefix"))
        {
            yield return ("log_line_prefix", "%m [%p] %q%u@%d ");
        }

        if (installation.MajorVersion >= 18)
        {
            // A slot of a follower that is down for long is bounded by size; time alone must not cost it its place.
            yield return ("idle_replication_slot_timeout", "0");
        }
    }

    private static void Append(StringBuilder text, string name, string value) =>
        text.Append(name).Append(" = ").Append(Quote(value)).Append('\n');

    /// <summary>A string as PostgreSQL's configuration files write it.</summary>
    public static string Quote(string value) =>
        $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
