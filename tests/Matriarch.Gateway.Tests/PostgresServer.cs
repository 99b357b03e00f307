using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Matriarch.Gateway.Tests;

/// <summary>
/// A real PostgreSQL of the tests' own: a fresh data directory, SCRAM, a free port on loopback. Its synchronous
/// standby does not exist, so a session that sets synchronous_commit to on waits in COMMIT forever; by default none
/// does.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string Password = "a test's own";

    private const string BinDirectory = "/usr/lib/postgresql/15/bin";

    private readonly string _directory;

    private PostgresServer(string name, string directory, int port)
    {
        Name = name;
        _directory = directory;
        Port = port;
    }

    /// <summary>Also its cluster_name, by which a test knows where it is.</summary>
    public string Name { get; }

    public int Port { get; }

    public static async Task<PostgresServer> StartAsync(string name)
    {
        var directory = Directory.CreateTempSubdirectory("matriarch-gateway-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["postgres", directory]);
        }

        var server = new PostgresServer(name, directory, FreePort());
        try
        {
            await server.InitializeAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A port on which nothing listens right now.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Runs a program to its end; fails with its errors.</summary>
    public static async Task<string> RunAsync(
        string program, string[] arguments, string? input = null, bool mayFail = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = "/tmp", UseShellExecute = false,
        };
        start.Environment["PGPASSWORD"] = Password;
        start.Environment["PSQLRC"] = "/dev/null";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        var (text, problem) = (await output, await errors);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 || mayFail
            ? text + problem
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {problem}");
    }

    /// <summary>The connection string that goes past any gateway.</summary>
    public string Direct => $"Host=127.0.0.1;Port={Port};Username=postgres;Password={Password};Pooling=false";

    /// <summary>One value, asked past any gateway.</summary>
    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Direct);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(_directory, "data", "postmaster.pid")))
        {
            await AsPostgresAsync("pg_ctl", "stop", "-D", Path.Combine(_directory, "data"), "-m", "immediate", "-w");
        }

        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Runs one of PostgreSQL's programs, which refuse to run as root.</summary>
    private static Task<string> AsPostgresAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(BinDirectory, program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private async Task InitializeAsync()
    {
        var data = Path.Combine(_directory, "data");
        var passwordFile = Path.Combine(_directory, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        await AsPostgresAsync(
            "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", passwordFile, "--no-sync",
            "--no-instructions", "--locale=C.UTF-8");
        await File.AppendAllLinesAsync(Path.Combine(data, "postgresql.conf"),
        [
            $"port = {Port}", "listen_addresses = '127.0.0.1'", $"unix_socket_directories = '{_directory}'",
            "fsync = off",
            $"cluster_name = '{Name}'", "synchronous_standby_names = 'ghost'", "synchronous_commit = local",
            "max_connections = 150",
            "shared_buffers = 64MB",
        ]);
        await AsPostgresAsync("pg_ctl", "start", "-D", data, "-w", "-l", Path.Combine(_directory, "postgres.log"));
    }
}
