using System.Globalization;
using System.Security.Cryptography;

namespace Matriarch.TestKit;

/// <summary>Where a system lives.</summary>
/// <param name="Network">The lab.</param>
/// <param name="Directory">Its files.</param>
/// <param name="Logs">The logs of its processes; exists.</param>
internal sealed record LabPlace(LabNetwork Network, string Directory, string Logs)
{
    public const int PostgresPort = 5432;

    /// <summary>The first client port of the store.</summary>
    public const int EtcdPort = 2379;

    private const UnixFileMode Open =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A secret that nobody has to remember.</summary>
    public static string DrawSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>
    /// Every client of every system connects like this: nothing waits without a bound, and a timed-out write ends its
    /// session instead of being cancelled, because a cancel would turn an unreplicated commit into a success.
    /// </summary>
    public static string Connection(int port, string password) =>
        Connection(LabNetwork.Address(LabNetwork.Client), port, password);

    /// <summary>The same to another address than that of the proxy.</summary>
    public static string Connection(string address, int port, string password) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host={address};Port={port};Username=postgres;Password={password};"
        + $"Database=postgres;Pooling=false;Timeout=10;Command Timeout=10;Cancellation Timeout=-1;SSL Mode=Disable;"
        + $"Server Compatibility Mode=NoTypeLoading");

    public string File(string name) => Path.Combine(Directory, name);

    public string Log(string name) => Path.Combine(Logs, name + ".log");

    /// <summary>The directory of a node, made for PostgreSQL's user.</summary>
    public async Task MakeNodeAsync(string node)
    {
        MakeDirectory(Directory);
        System.IO.Directory.CreateDirectory(File(node), Private);
        await Command.RunAsync("chown", "postgres:", File(node));
    }

    /// <summary>A directory that PostgreSQL's user may pass, whatever the umask.</summary>
    public static void MakeDirectory(string path)
    {
        System.IO.Directory.CreateDirectory(path);
        System.IO.File.SetUnixFileMode(path, Open);
    }

    /// <summary>A file that only its owner reads.</summary>
    public static async Task WritePrivateAsync(string path, string content, string? owner = null)
    {
        await System.IO.File.WriteAllTextAsync(path, "");
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await System.IO.File.WriteAllTextAsync(path, content);
        if (owner is not null)
        {
            await Command.RunAsync("chown", owner + ":", path);
        }
    }
}
