namespace Matriarch.Postgres;

/// <summary>A path without symbolic links, as /proc shows the working directory of a process.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Resolves every link on the way; parts that do not exist stay as they are.</summary>
    /// <exception cref="IOException">Links go in a circle.</exception>
    public static string Resolve(string path)
    {
        var links = 0;
        var resolved = "/";
        var rest = new Stack<string>(Split(Path.GetFullPath(path)).Reverse());
        while (rest.TryPop(out var part))
        {
            var next = Path.GetFullPath(Path.Combine(resolved, part));
            if (new DirectoryInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"{path} goes through too many symbolic links");
            }

            if (target.StartsWith('/'))
            {
                resolved = "/";
            }

            foreach (var piece in Split(target).Reverse())
            {
                rest.Push(piece);
            }
        }

        return resolved;
    }

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
