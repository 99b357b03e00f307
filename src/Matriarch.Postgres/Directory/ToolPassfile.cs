using System.Security.Cryptography;

namespace Matriarch.Postgres;

/// <summary>A libpq password file for one program, which is gone when the program has ended.</summary>
internal sealed class ToolPassfile : IDisposable
{
    private readonly string _path;

    public ToolPassfile(ServerPaths paths, OsUser user, string password)
    {
        _path = Path.Combine(
            paths.NodeDirectory, ServerPaths.ToolPassfilePrefix
                + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)));
        DurableFile.Replace(_path, DynamicConfiguration.Passfile(password), user);
    }

    /// <summary>What the program needs to find it.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["PGPASSFILE"] = _path, ["PGCONNECT_TIMEOUT"] = "5" };

    public void Dispose() => File.Delete(_path);
}
