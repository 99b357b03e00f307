using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Matriarch.Client;
using Matriarch.TestKit;

namespace Matriarch.EndToEnd;

/// <summary>Taking the store down stops no traffic and no failover; what it has lost is published again.</summary>
public sealed class StoreOutageTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_gateway_serves_at_the_new_primary_before_the_embedded_store_is_back()
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        var (store, away) = (cluster.Store, cluster.Store + ".away");
        File.Move(store, away);
        Directory.CreateDirectory(store); // nothing can be opened or made there
        try
        {
            await FailsOverAsync(cluster);
        }
        finally
        {
            Directory.Delete(store);
            File.Move(away, store);
        }

        await cluster.IsHealthyAsync();
    }

    [Fact]
    public async Task The_gateway_serves_at_the_new_primary_before_etcd_is_back()
    {
        const string Program = "/usr/bin/etcd";
        Assert.SkipUnless(File.Exists(Program), "etcd is not installed");
        var data = Directory.CreateTempSubdirectory("matriarch-e2e-etcd-").FullName;
        var (client, peer) = (FreePorts.Take(), FreePorts.Take());
        string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        Process Start() => Process.Start(new ProcessStartInfo(
            Program,
            ["--data-dir", data, "--listen-client-urls", Address(client), "--advertise-client-urls", Address(client),
                "--listen-peer-urls", Address(peer), "--initial-advertise-peer-urls", Address(peer),
                "--initial-cluster", $"default={Address(peer)}", "--log-level", "error"])
        {
            UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var etcd = Start();
        try
        {
            await AnswersAsync(client);
            await using var cluster = await RunningCluster.UpAsync(
                "--store", string.Create(CultureInfo.InvariantCulture, $"etcd://127.0.0.1:{client}"));
            await cluster.IsHealthyAsync();
            etcd.Kill();
            await etcd.WaitForExitAsync(CancellationToken.None);
            await FailsOverAsync(cluster);
            etcd = Start();
            await AnswersAsync(client);
            await cluster.IsHealthyAsync();
        }
        finally
        {
            etcd.Kill();
            await etcd.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(data, recursive: true);
        }
    }

    [Theory]
    [InlineData("wiped")]
    [InlineData("restored from an old copy")]
    [InlineData("damaged")]
    public async Task A_store_that_has_lost_what_it_held_is_filled_again_by_the_agents(string how)
    {
        await using var cluster = await RunningCluster.UpAsync();
        await cluster.IsHealthyAsync();
        await using var writer = await AcknowledgedWriter.StartAsync(cluster.ConnectionString);
        await writer.GoesOnAsync();
        var copy = cluster.Store + ".copy";
        File.Copy(cluster.Store, copy);
        (await cluster.RunAsync("switchover")).Expect();
        var errors = writer.Errors.Count;
        switch (how)
        {
            case "wiped":
                File.Delete(cluster.Store);
                break;
            case "damaged":
                Damage(cluster.Store);
                Damage(cluster.Store + "-wal"); // or else SQLite heals the file from its log
                await Eventually.HoldsAsync(
                    "the damaged store is set aside",
                    () => Directory.GetFiles(cluster.Root, "topology.db.damaged-*").Length > 0,
                    TimeSpan.FromSeconds(60));
                break;
            default:
                File.Move(copy, cluster.Store, overwrite: true);
                break;
        }

        // A gateway that knows no agent can only have it from the store.
        var gateway = Path.Combine(cluster.Root, "gateway.yaml");
        File.WriteAllLines(gateway, File.ReadAllLines(gateway)
            .Where(l => !l.TrimStart().StartsWith("agents:", StringComparison.Ordinal)));
        await writer.GoesOnAsync();
        Assert.Equal(errors, writer.Errors.Count);
        (await cluster.RunAsync("gateway", "stop")).Expect();
        (await cluster.RunAsync("gateway", "start")).Expect();
        await writer.GoesOnAsync();
        Assert.Empty(await writer.LostAsync());
    }

    private static void Damage(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var garbage = new byte[file.Length];
        Array.Fill(garbage, (byte)0x5a);
        file.Write(garbage);
    }

    private async Task FailsOverAsync(RunningCluster cluster)
    {
        await using var writer = await AcknowledgedWriter.StartAsync(cluster.ConnectionString);
        await writer.GoesOnAsync();
        var (primary, from) = (await cluster.PrimaryAsync(), writer.Now);
        var term = (await cluster.StatusAsync()).Term;
        RunningCluster.Kill(primary.AgentPid!.Value);
        RunningCluster.Kill(primary.PostmasterPid!.Value);
        await cluster.IsServedAboveAsync(term);
        await writer.GoesOnAsync();
        output.WriteLine($"longest gap: {writer.LongestGap(from, writer.Now).TotalMilliseconds:F0} ms");
        Assert.Empty(await writer.LostAsync());
        (await cluster.RunAsync("agent", "start", primary.Name)).Expect();
    }

    private static Task AnswersAsync(int port) => Eventually.HoldsAsync(
        "etcd answers",
        async () =>
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync("127.0.0.1", port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        TimeSpan.FromSeconds(30));
}
