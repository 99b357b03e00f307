namespace Matriarch.Postgres;

/// <summary>
/// The environment of every program that is run: nothing of the agent's own, which holds settings and perhaps secrets,
/// and no PG… variable that would change what a program connects to.
/// </summary>
internal static class CleanEnvironment
{
    public static void Fill(IDictionary<string, string?> environment, IReadOnlyDictionary<string, string>? additions)
    {
        environment.Clear();
        environment["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
        environment["LC_ALL"] = "C";
        environment["TZ"] = "UTC";
        environment["HOME"] = "/nonexistent";
        // npm's and hand-made builds find their own libpq this way.
        if (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") is { } libraries)
        {
            environment["LD_LIBRARY_PATH"] = libraries;
        }

        foreach (var (name, value) in additions ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }
    }
}
