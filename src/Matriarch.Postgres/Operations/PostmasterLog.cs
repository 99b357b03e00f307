using System.Text;

namespace Matriarch.Postgres;

/// <summary>
/// The file that the postmaster writes to, read when a start fails. <see cref="LogRotation"/> keeps it bounded.
/// </summary>
internal sealed class PostmasterLog(ServerContext context)
{
    private const int TailLines = 20;

    private string Path => context.Paths.Log;

    /// <summary>In bytes; 0 where there is none yet.</summary>
    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>Before a start: makes the file for the server's user.</summary>
    public void Prepare()
    {
        if (!File.Exists(Path))
        {
            File.WriteAllText(Path, "");
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        context.User.Own(Path);
    }

    /// <summary>The last lines, at most 8 kB, of what was written from this offset on.</summary>
    public string ReadTail(long from)
    {
        if (!File.Exists(Path))
        {
            return "";
        }

        using var stream = File.OpenRead(Path);
        stream.Seek(Math.Max(Math.Min(from, stream.Length), stream.Length - 8192), SeekOrigin.Begin);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(TailLines));
    }
}
