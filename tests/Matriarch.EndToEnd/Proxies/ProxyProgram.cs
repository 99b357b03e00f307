using System.Diagnostics;
using System.Text;
using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>
/// A program in front of the cluster, run in the foreground as a child of the test, and ended with it.
/// </summary>
internal sealed class ProxyProgram : IAsyncDisposable
{
    private const int TerminateSignal = 15;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private ProxyProgram(string path, IReadOnlyList<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(path, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            },
        };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
    }

    /// <summary>What it has printed so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>Where it is installed; the test is skipped where it is not, and fails in CI.</summary>
    public static string Find(string name)
    {
        var path = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':')
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
        if (path is null)
        {
            var missing = $"{name} is not installed; ./test installs it where it can";
            Assert.False(Environment.GetEnvironmentVariable("CI") is { Length: > 0 }, missing);
            Assert.Skip(missing);
        }

        return path;
    }

    /// <summary>Starts it.</summary>
    public static ProxyProgram Start(string path, params string[] arguments)
    {
        var program = new ProxyProgram(path, arguments);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signals.Send(_process.Id, TerminateSignal);
        }

        using var limit = new CancellationTokenSource(Limit, TestTime.Real);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (_said)
        {
            if (line is not null && _said.Length < 100_000)
            {
                _said.AppendLine(line);
            }
        }
    }
}
