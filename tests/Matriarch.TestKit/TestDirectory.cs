namespace Matriarch.TestKit;

/// <summary>
/// A directory that belongs to the PostgreSQL user and is removed at the end. In memory where possible: what PostgreSQL
/// syncs is the same, and tests take a fraction of the time. TESTKIT_DIRECTORY names another place, for example
/// a real disk.
/// </summary>
public sealed class TestDirectory : IAsyncDisposable
{
    private TestDirectory(string path) => Path = path;

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>Makes one.</summary>
    public static async Task<TestDirectory> CreateAsync()
    {
        const string Memory = "/dev/shm";
        var root = Environment.GetEnvironmentVariable("TESTKIT_DIRECTORY") is { Length: > 0 } chosen ? chosen
            : Directory.Exists(Memory) ? Memory
            : System.IO.Path.GetTempPath();
        var path = System.IO.Path.Combine(root, $"matriarch-test-{Guid.NewGuid():n}");
        Directory.CreateDirectory(
            path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Environment.UserName == "root")
        {
            await TestProcess.RunAsync("chown", $"{TestProcess.PostgresUser}:", path);
        }

        return new TestDirectory(path);
    }

    /// <summary>A path inside.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }
}
