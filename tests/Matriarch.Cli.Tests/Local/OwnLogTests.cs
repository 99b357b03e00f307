using System.Diagnostics;
using Matriarch.TestKit;

namespace Matriarch.Cli.Tests;

public sealed class OwnLogTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-log-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Only_a_file_that_is_appended_to_is_a_log_to_rotate()
    {
        var (appended, written) = (Path.Combine(_directory, "appended"), Path.Combine(_directory, "written"));
        using var program = Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", "exec cat >> \"$0\" 2> \"$1\"", appended, written])
        {
            UseShellExecute = false, RedirectStandardInput = true,
        })!;
        await Eventually.HoldsAsync("it runs", () => File.Exists(written));

        Assert.Equal(appended, Of(1));
        Assert.Null(Of(2));
        Assert.Null(Of(0)); // a pipe

        program.StandardInput.Close();
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        string? Of(int descriptor) => OwnLog.AppendedFile(
            $"/proc/{program.Id}/fd/{descriptor}", $"/proc/{program.Id}/fdinfo/{descriptor}");
    }
}
