using System.Text.RegularExpressions;

namespace Matriarch.Compatibility;

/// <summary>
/// Takes out what differs between two runs by itself, and nothing more: each rule is a row of the table in the
/// README of
/// this project. A replacement has the length of what it replaces where psql aligns columns by it.
/// </summary>
internal static partial class Normalization
{
    public static string Apply(string text, Side side)
    {
        text = text.Replace(side.Database, "compat_NNNNN", StringComparison.Ordinal)
            .Replace(side.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "PPPPP",
                StringComparison.Ordinal)
            .Replace("\r\n", "\n", StringComparison.Ordinal);
        text = NotificationPid().Replace(text, "${words}PID");
        text = DeadlockPid().Replace(text, "${words}PID");
        text = Transaction().Replace(text, "transaction XID");
        text = TemporarySchema().Replace(text, "${words}N");
        text = ToastTable().Replace(text, "pg_toast_OID");
        return LooseOid().Replace(text, "${words}OID");
    }

    [GeneratedRegex(@"(?<words>from server process with PID )\d+")]
    private static partial Regex NotificationPid();

    [GeneratedRegex(@"(?<words>\b(Process|process) )\d+")]
    private static partial Regex DeadlockPid();

    [GeneratedRegex(@"\btransaction \d+")]
    private static partial Regex Transaction();

    [GeneratedRegex(@"(?<words>\bpg_(toast_)?temp_)\d+")]
    private static partial Regex TemporarySchema();

    [GeneratedRegex(@"\bpg_toast_\d+")]
    private static partial Regex ToastTable();

    [GeneratedRegex(@"(?<words>\b(with OID|of database|of relation|of type|oid) )\d{5,}\b", RegexOptions.IgnoreCase)]
    private static partial Regex LooseOid();
}
