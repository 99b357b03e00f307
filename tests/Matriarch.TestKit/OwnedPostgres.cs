using System.Globalization;

namespace Matriarch.TestKit;

/// <summary>
/// A plain PostgreSQL server that one test owns: a fresh data directory, a free port, scram-sha-256 for everyone, and
/// nothing left at the end. For tests that need a server but not Matriarch's control of it.
/// </summary>
public sealed class OwnedPostgres : IAsyncDisposable
{
    private readonly TestDirectory _directory;

    private OwnedPostgres(TestDirectory directory, int port, string password)
    {
        _directory = directory;
        Port = port;
        Password = password;
    }

    /// <summary>On 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Of the superuser postgres.</summary>
    public string Password { get; }

    /// <summary>For Npgsql, without pooling.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Password={Password};Database=postgres;Pooling=false";

    /// <summary>The newest installed PostgreSQL's programs; null when there is none.</summary>
    public static string? BinDirectory { get; } = !Directory.Exists("/usr/lib/postgresql") ? null
        : Directory.EnumerateDirectories("/usr/lib/postgresql")
            .Where(d => File.Exists($"{d}/bin/postgres"))
            .OrderByDescending(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture))
            .Select(d => $"{d}/bin")
            .FirstOrDefault();

    /// <summary>Makes and starts one.</summary>
    /// <param name="parameters">Further lines of postgresql.conf, name to value.</param>
    public static async Task<OwnedPostgres> StartAsync(IReadOnlyDictionary<string, string>? parameters = null)
    {
        var bin = BinDirectory ?? throw new InvalidOperationException("PostgreSQL is not installed");
        var directory = await TestDirectory.CreateAsync();
        var server = new OwnedPostgres(directory, FreePorts.Take(), "test-password");
        try
        {
            var passwordFile = directory["password"];
            await File.WriteAllTextAsync(passwordFile, server.Password + "\n");
            await TestProcess.RunAsync("chmod", "0644", passwordFile);
            await TestProcess.RunAsPostgresAsync(
                $"{bin}/initdb", "-D", directory["data"], "-U", "postgres", "--pwfile", passwordFile, "-A",
                    "scram-sha-256",
                "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
            await File.AppendAllTextAsync(
                Path.Combine(directory["data"], "postgresql.conf"), server.Configuration(parameters));
            await TestProcess.RunAsPostgresAsync(
                $"{bin}/pg_ctl", "-D", directory["data"], "-l", directory["postgres.log"], "-w", "-s", "start");
            return server;
        }
        catch
        {
            await directory.DisposeAsync();
            throw;
        }
    }

    private string Configuration(IReadOnlyDictionary<string, string>? parameters)
    {
        var lines = new List<string>
        {
            "", "listen_addresses = '127.0.0.1'", string.Create(CultureInfo.InvariantCulture, $"port = {Port}"),
            "unix_socket_directories = ''", "shared_buffers = '16MB'", "fsync = off",
        };
        lines.AddRange((parameters ?? new Dictionary<string, string>()).Select(p => $"{p.Key} = '{p.Value}'"));
        return string.Join('\n', lines) + "\n";
    }

    public async ValueTask DisposeAsync()
    {
        await TestProcess.RunAsPostgresAsync(
            $"{BinDirectory}/pg_ctl", "-D", _directory["data"], "-m", "immediate", "-w", "-s", "stop");
        await _directory.DisposeAsync();
    }
}
