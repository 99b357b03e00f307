using System.Globalization;
using Matriarch.TestKit;

namespace Matriarch.Bench.Failover;

/// <summary>
/// The store of every system: one etcd server on the store's host, with the settings that it has by itself.
/// </summary>
internal static class EtcdServer
{
    private const int PeerPort = 2380;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    /// <summary>For clients, host:port.</summary>
    public static string Endpoint => string.Create(
        CultureInfo.InvariantCulture, $"{LabNetwork.Address(LabNetwork.Store)}:{SystemPlace.EtcdPort}");

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task StartAsync(SystemPlace place)
    {
        var peer = string.Create(
            CultureInfo.InvariantCulture, $"http://{LabNetwork.Address(LabNetwork.Store)}:{PeerPort}");
        LabProcess.Start(
            place.Network, LabNetwork.Store, place.Log("etcd"), "etcd", "--name", "store",
            "--data-dir", place.File("etcd"), "--listen-client-urls", $"http://{Endpoint}",
            "--advertise-client-urls", $"http://{Endpoint}", "--listen-peer-urls", peer,
            "--initial-advertise-peer-urls", peer, "--initial-cluster", $"store={peer}");
        using var http = LabHttp.Create();
        await Eventually.HoldsAsync(
            $"etcd answers on {Endpoint} (see {place.Log("etcd")})",
            async () => (await http.GetAsync(new Uri($"http://{Endpoint}/health"))).IsSuccessStatusCode,
            StartDeadline);
    }

    /// <summary>The version of the program.</summary>
    public static async Task<string> VersionAsync() =>
        (await Command.RunAsync("etcd", "--version")).Split('\n')[0].Split(' ')[^1];
}
