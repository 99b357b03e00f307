using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Matriarch.Client;
using Matriarch.Core;
using Matriarch.TestKit;
using Matriarch.Topology;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Compatibility;

/// <summary>
/// The built program as a gateway, in front of one server. What agents would publish stands in an embedded store: one
/// node, the serving primary of term 1.
/// </summary>
internal sealed partial class GatewayProgram : IAsyncDisposable
{
    private const string Cluster = "compatibility";
    private const string Instance = "main";
    private const int TerminateSignal = 15;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);

    private readonly string _directory;
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private GatewayProgram(string directory, int port, Process process)
    {
        _directory = directory;
        Port = port;
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
    }

    /// <summary>Where clients connect, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Of the process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The beginning of what it has printed.</summary>
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

    /// <summary>Starts it, and waits until it accepts connections.</summary>
    public static async Task<GatewayProgram> StartAsync(int serverPort)
    {
        var directory = Directory.CreateTempSubdirectory("matriarch-compatibility-").FullName;
        var store = $"sqlite:{directory}/topology.db";
        await PublishAsync(store, serverPort);
        var port = FreePorts.Take();
        await File.WriteAllTextAsync(Path.Combine(directory, SecretNames.ApiToken), "a token of the tests\n");
        var file = Path.Combine(directory, "gateway.yaml");
        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"""
            cluster:
              id: {Cluster}
              instance: {Instance}
            gateway:
              listen: 127.0.0.1:{port}
            api:
              listen: 127.0.0.1:{FreePorts.Take()}
            secrets:
              directory: {directory}
            topology:
              store: {store}

            """));
        var gateway = new GatewayProgram(directory, port, new Process
        {
            StartInfo = new ProcessStartInfo(FindProgram(), ["gateway", "run", "--config", file])
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
                WorkingDirectory = "/",
            },
        });
        gateway._process.Start();
        gateway._process.BeginOutputReadLine();
        gateway._process.BeginErrorReadLine();
        try
        {
            await Eventually.HoldsAsync("the gateway accepts connections", gateway.AcceptsAsync,
                TimeSpan.FromSeconds(60));
            return gateway._process.HasExited ? throw new InvalidOperationException("it has ended") : gateway;
        }
        catch (Exception e)
        {
            await gateway.DisposeAsync();
            throw new InvalidOperationException($"the gateway did not start: {gateway.Said}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, TerminateSignal);
        }

        using var limit = new CancellationTokenSource(EndLimit, TestTime.Real);
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
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task PublishAsync(string address, int serverPort)
    {
        await using var store = await TopologyStores.OpenAsync(
            new TopologyOptions { Store = address }, Cluster, TestTime.Real, NullLoggerFactory.Instance,
            CancellationToken.None);
        var agents = new InstanceDirectory(store, Instance);
        await agents.RegisterNodeAsync(
            new NodeRecord(
                new NodeId("a"), "cell", "127.0.0.1", serverPort, "http://127.0.0.1:1", "127.0.0.1:1",
                new Incarnation(1), false, [], NodeRole.Primary, NodeState.Serving, 0, true),
            CancellationToken.None);
        await agents.PublishLeadershipAsync(
            new LeadershipRecord(new Term(1), 0, new NodeId("a")), CancellationToken.None);
    }

    private static string FindProgram()
    {
        // artifacts/bin/Matriarch.Compatibility/release/ → artifacts/bin/Matriarch.Cli/release/matriarch
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(own.Parent!.Parent!.FullName, "Matriarch.Cli", own.Name, "matriarch");
        return File.Exists(path) ? path : throw new FileNotFoundException("the program is not built", path);
    }

    private async Task<bool> AcceptsAsync()
    {
        if (_process.HasExited)
        {
            return true; // nothing more to wait for; the caller looks
        }

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", Port);
        return true;
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

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
