namespace Matriarch.TestKit;

/// <summary>A directory under /tmp that belongs to the PostgreSQL user and is removed at the end.</summary>
public sealed class TestDirectory : IAsyncDisposable
{
    private TestDirectory(string path) => Path = path;

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>Makes one.</summary>
    public static async Task<TestDirectory> CreateAsync()
    {
        var path = Directory.CreateTempSubdirectory("matriarch-test-").FullName;
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
