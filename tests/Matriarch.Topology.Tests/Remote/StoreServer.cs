using System.Diagnostics;
using Matriarch.TestKit;

namespace Matriarch.Topology.Tests;

/// <summary>
/// A store's server that one test owns: its data in a directory of the test, a port that stays the same through stops
/// and starts, ended by its process id.
/// </summary>
internal abstract class StoreServer(TestDirectory directory) : IAsyncDisposable
{
    private Process? _process;

    public int Port { get; } = FreePorts.Take();

    protected TestDirectory Directory { get; } = directory;

    protected string Data => Directory["data"];

    private string Copy => Directory["copy"];

    /// <summary>Starts it and waits until it answers; one that does not is ended.</summary>
    public async Task StartAsync()
    {
        try
        {
            await StartAndWaitAsync();
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    private async Task StartAndWaitAsync()
    {
        _process = Process.Start(Command())!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        await Eventually.GetAsync($"the server on port {Port} answers", async () =>
        {
            Assert.False(_process.HasExited, "the server has ended");
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{Port}{HealthPath}"));
                return answer.IsSuccessStatusCode ? answer.ReasonPhrase : null;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                return null; // not yet
            }
        });
    }

    /// <summary>As a crash would: nothing is said to clients.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            _process = null;
        }
    }

    public async Task KeepCopyAsync()
    {
        await StopAsync();
        await TestProcess.RunAsync("cp", "-a", Data, Copy);
        await StartAsync();
    }

    public async Task RestoreCopyAsync()
    {
        await StopAsync();
        System.IO.Directory.Delete(Data, recursive: true);
        System.IO.Directory.Move(Copy, Data);
        await StartAsync();
    }

    public async Task WipeAsync()
    {
        await StopAsync();
        System.IO.Directory.Delete(Data, recursive: true);
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            await Directory.DisposeAsync();
        }
    }

    /// <summary>What has to answer with success when it can be used.</summary>
    protected abstract string HealthPath { get; }

    protected abstract ProcessStartInfo Command();

    /// <summary>Starts a new one, or removes its directory.</summary>
    protected static async Task<T> StartedAsync<T>(T server)
        where T : StoreServer
    {
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    protected static ProcessStartInfo Command(string program, params string[] arguments) => new(program, arguments)
    {
        UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
    };

    /// <summary>
    /// Where the program is missing, the test is skipped; not so where CI=true promises that it is there.
    /// </summary>
    protected static string Required(string? program, string what)
    {
        if (program is null)
        {
            var message = $"{what} is not installed: ./test installs it";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", message);
            Assert.Skip(message);
        }

        return program;
    }
}
