using System.Globalization;

namespace Matriarch.TestKit;

/// <summary>
/// The store of every system: one etcd server on the store's host, with the settings that it has by itself.
/// </summary>
internal static class EtcdServer
{
    private const int PeerPort = 2380;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    /// <summary>For clients, host:port.</summary>
    public static string Endpoint => string.Create(
        CultureInfo.InvariantCulture, $"{LabNetwork.Address(LabNetwork.Store)}:{LabPlace.EtcdPort}");

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task StartAsync(LabPlace place)
    {
        Launch(place);
        using var http = LabHttp.Create();
        await Eventually.HoldsAsync(
            $"etcd answers on {Endpoint} (see {place.Log("etcd")})",
            async () => (await http.GetAsync(new Uri($"http://{Endpoint}/health"))).IsSuccessStatusCode,
            StartDeadline);
    }

    /// <summary>Where it has its data.</summary>
    public static string DataDirectory(LabPlace place) => place.File("etcd");

    private static void Launch(LabPlace place)
    {
        var peer = string.Create(
            CultureInfo.InvariantCulture, $"http://{LabNetwork.Address(LabNetwork.Store)}:{PeerPort}");
        LabProcess.Start(
            place.Network, LabNetwork.Store, place.Log("etcd"), "etcd", "--name", "store",
            "--data-dir", DataDirectory(place), "--listen-client-urls", $"http://{Endpoint}",
            "--advertise-client-urls", $"http://{Endpoint}", "--listen-peer-urls", peer,
            "--initial-advertise-peer-urls", peer, "--initial-cluster", $"store={peer}");
    }

    /// <summary>The version of the program.</summary>
    public static async Task<string> VersionAsync() =>
        (await Command.RunAsync("etcd", "--version")).Split('\n')[0].Split(' ')[^1];
}
