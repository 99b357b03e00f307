namespace Matriarch.Cli;

/// <summary>The end of a log, for a person who has to find out what went wrong.</summary>
internal static class LogTail
{
    private const int MostBytes = 16 * 1024;
    private const int MostLineLength = 400;

    /// <summary>At most this many of the last lines; none when there is no log.</summary>
    public static IReadOnlyList<string> Read(string path, int lines)
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(MostBytes, file.Length), SeekOrigin.End);
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return [.. text.TakeLast(lines).Select(l => l.Length > MostLineLength ? l[..MostLineLength] + " ..." : l)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
