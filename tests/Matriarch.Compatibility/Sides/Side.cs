using Npgsql;

namespace Matriarch.Compatibility;

/// <summary>One way to the server, and a database to use on it.</summary>
/// <param name="Name">"direct" or "proxied".</param>
/// <param name="Port">On 127.0.0.1.</param>
/// <param name="Database">Made for one run.</param>
/// <param name="Password">Of the superuser postgres.</param>
/// <param name="IsProxied">Whether the gateway is between.</param>
internal sealed record Side(string Name, int Port, string Database, string Password, bool IsProxied)
{
    public const string Host = "127.0.0.1";
    public const string User = "postgres";

    /// <summary>For Npgsql, without its own pool.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = Host, Port = Port, Username = User, Password = Password, Database = Database, Pooling = false,
        Timeout = 20, CommandTimeout = 60,
    }.ConnectionString;

    /// <summary>What libpq reads, and the programs that do as it does.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["PGHOST"] = Host,
        ["PGPORT"] = Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["PGUSER"] = User,
        ["PGDATABASE"] = Database,
        ["PGPASSWORD"] = Password,
        ["PSQLRC"] = "/dev/null",
        ["PSQL_HISTORY"] = "/dev/null",
        ["LC_ALL"] = "C.UTF-8",
        ["TZ"] = "UTC",
    };
}
