using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Matriarch.Postgres;

/// <summary>
/// The parameters that Matriarch sets itself, because a promise of the protocol rests on each. An operator may not set
/// them, neither in the configuration nor with ALTER SYSTEM.
/// </summary>
public static partial class OwnedParameters
{
    private static readonly FrozenSet<string> Names = new[]
    {
        // Where it listens and how it is told apart.
        "listen_addresses", "port", "unix_socket_directories", "cluster_name", "data_directory", "config_file",
        "hba_file",
        "ident_file", "external_pid_file", "include", "include_dir", "include_if_exists",
        // Who follows whom.
        "primary_conninfo", "primary_slot_name", "restore_command", "recovery_target_timeline", "recovery_target",
        "recovery_target_name", "recovery_target_time", "recovery_target_xid", "recovery_target_lsn",
        "recovery_target_action", "recovery_target_inclusive", "recovery_end_command", "archive_cleanup_command",
        "promote_trigger_file", "recovery_min_apply_delay", "hot_standby", "wal_retrieve_retry_interval",
        "wal_receiver_timeout", "wal_sender_timeout", "wal_receiver_status_interval", "wal_receiver_create_temp_slot",
        "max_wal_senders", "max_replication_slots", "max_slot_wal_keep_size", "hot_standby_feedback",
        "sync_replication_slots", "synchronized_standby_slots",
        // What an acknowledged commit means.
        "synchronous_standby_names", "synchronous_commit", "fsync", "full_page_writes", "wal_level", "wal_log_hints",
        "restart_after_crash", "zero_damaged_pages", "ignore_checksum_failure", "allow_in_place_tablespaces",
        "idle_replication_slot_timeout",
        // How we and others get in, and where it writes its log.
        "password_encryption", "superuser_reserved_connections", "reserved_connections", "logging_collector",
        "log_destination", "lc_messages", "allow_alter_system", "restrict_nonsystem_relation_kind",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["listen_addresses"] = "set postgres.host instead",
        ["port"] = "set postgres.port instead",
        ["data_directory"] = "set node.directory instead",
        ["hot_standby_feedback"] = "set postgres.hot-standby-feedback instead",
        ["sync_replication_slots"] = "set postgres.logical-slots instead",
        ["synchronized_standby_slots"] = "set postgres.logical-slots instead",
        ["max_slot_wal_keep_size"] = "set postgres.max-slot-wal-keep-megabytes instead",
        ["synchronous_standby_names"] = "remove it, and use: matriarch durability POLICY",
        ["synchronous_commit"] = "remove it; a session or a role may set its own (ALTER ROLE)",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them, ordered.</summary>
    public static IEnumerable<string> All => Names.Order(StringComparer.Ordinal);

    /// <summary>Whether Matriarch sets this parameter itself.</summary>
    public static bool Contains(string name) => Names.Contains(name);

    /// <summary>What an operator is to do who wants to set it.</summary>
    public static string Instead(string name) => Settings.GetValueOrDefault(name, "remove it");

    /// <summary>Whether the text can be the name of a parameter, with or without the prefix of an extension.</summary>
    internal static bool IsName(string name) => NamePattern().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
