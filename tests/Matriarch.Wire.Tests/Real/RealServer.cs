using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Matriarch.TestKit;
using Npgsql;

namespace Matriarch.Wire.Tests;

/// <summary>A real PostgreSQL with TLS, and MD5 for the user md5er.</summary>
public sealed class RealServer : IAsyncLifetime
{
    private OwnedPostgres? _postgres;
    private TestDirectory? _directory;

    /// <summary>On 127.0.0.1.</summary>
    public int Port => _postgres!.Port;

    /// <summary>Of the superuser.</summary>
    public string ConnectionString => _postgres!.ConnectionString;

    /// <summary>Of the certificate that it shows.</summary>
    public string CertificateHash { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _directory = await TestDirectory.CreateAsync();
        using var certificate = TestCertificate.Rsa(HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
        CertificateHash = certificate.GetCertHashString();
        await WriteAsync(
            "hba",
            "host all md5er 127.0.0.1/32 md5\nhost all,replication all 127.0.0.1/32 scram-sha-256\n");
        await WriteAsync("certificate", certificate.ExportCertificatePem());
        await WriteAsync("key", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        _postgres = await OwnedPostgres.StartAsync(new Dictionary<string, string>
        {
            ["ssl"] = "on",
            ["ssl_cert_file"] = _directory["certificate"],
            ["ssl_key_file"] = _directory["key"],
            ["hba_file"] = _directory["hba"],
        });
    }

    /// <summary>A session of the superuser, ready for its first request.</summary>
    /// <param name="parameters">Further ones of the startup packet.</param>
    internal async Task<WireConnection> LogInAsync(params (string Name, string Value)[] parameters)
    {
        var connection = await WireConnection.ToAsync(Port);
        var login = new ScramLogin(
            LoginCredential.OfPassword(Encoding.UTF8.GetBytes(_postgres!.Password)), ScramChannel.Plain);
        await connection.SendAsync(
            StartupMessage.Create(
                ProtocolVersion.Version30, [("user", "postgres"), ("database", "postgres"), .. parameters]).Encode());
        while (await connection.ReadMessageAsync() is var (code, body) && code != BackendCode.ReadyForQuery)
        {
            Assert.NotEqual(BackendCode.ErrorResponse, code);
            if (code == BackendCode.Authentication)
            {
                var answer = login.Answer(body);
                Assert.True(answer is not null, login.Refusal);
                await connection.SendAsync(answer);
            }
        }

        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        if (_directory is not null)
        {
            await _directory.DisposeAsync();
        }
    }

    /// <summary>Makes a role that may log in; gives what PostgreSQL keeps of its password.</summary>
    public async Task<string> MakeRoleAsync(string name, string password, string encryption = "scram-sha-256")
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SET password_encryption = '{encryption}'", connection);
        await command.ExecuteNonQueryAsync();
        var quoted = password.Replace("'", "''", StringComparison.Ordinal);
        command.CommandText = $"CREATE ROLE {name} LOGIN PASSWORD '{quoted}'";
        await command.ExecuteNonQueryAsync();
        command.CommandText = $"SELECT rolpassword FROM pg_authid WHERE rolname = '{name}'";
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>What PostgreSQL makes of passwords, in their order.</summary>
    public async Task<IReadOnlyList<string>> VerifiersOfAsync(IReadOnlyList<string> passwords)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("DROP ROLE IF EXISTS changing; CREATE ROLE changing", connection);
        await command.ExecuteNonQueryAsync();
        var verifiers = new List<string>();
        foreach (var password in passwords)
        {
            var quoted = password.Replace("'", "''", StringComparison.Ordinal);
            command.CommandText = $"ALTER ROLE changing PASSWORD '{quoted}'";
            await command.ExecuteNonQueryAsync();
            command.CommandText = "SELECT rolpassword FROM pg_authid WHERE rolname = 'changing'";
            verifiers.Add((string)(await command.ExecuteScalarAsync())!);
        }

        return verifiers;
    }

    private async Task WriteAsync(string name, string text)
    {
        var path = _directory![name];
        await File.WriteAllTextAsync(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Environment.UserName == "root")
        {
            await TestProcess.RunAsync("chown", $"{TestProcess.PostgresUser}:", path);
        }
    }
}
