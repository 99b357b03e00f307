using System.Globalization;

namespace Matriarch.TestKit;

/// <summary>
/// The store of every system: one etcd server on the store's host, or on another one, with the settings that it has by
/// itself.
/// </summary>
internal static class EtcdServer
{
    private const int PeerPort = 2380;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    /// <summary>For clients, host:port.</summary>
    public static string Endpoint => EndpointOf(LabNetwork.Store);

    /// <summary>The same of one on another host.</summary>
    public static string EndpointOf(string host) => string.Create(
        CultureInfo.InvariantCulture, $"{LabNetwork.Address(host)}:{LabPlace.EtcdPort}");

    /// <summary>Starts it and waits until it answers. Who is cut off from its host does not wait.</summary>
    public static async Task StartAsync(LabPlace place, string host = LabNetwork.Store)
    {
        Launch(place, host);
        using var http = LabHttp.Create();
        await Eventually.HoldsAsync(
            $"etcd answers on {EndpointOf(host)} (see {place.Log(NameOn(host))})",
            async () => (await http.GetAsync(new Uri($"http://{EndpointOf(host)}/health"))).IsSuccessStatusCode,
            StartDeadline);
    }

    /// <summary>Where it has its data.</summary>
    public static string DataDirectory(LabPlace place, string host = LabNetwork.Store) => place.File(NameOn(host));

    private static string NameOn(string host) => host == LabNetwork.Store ? "etcd" : "etcd-" + host;

    private static void Launch(LabPlace place, string host)
    {
        var (client, peer) = (
            $"http://{EndpointOf(host)}",
            string.Create(CultureInfo.InvariantCulture, $"http://{LabNetwork.Address(host)}:{PeerPort}"));
        LabProcess.Start(
            place.Network, host, place.Log(NameOn(host)), "etcd", "--name", "store",
            "--data-dir", DataDirectory(place, host), "--listen-client-urls", client,
            "--advertise-client-urls", client, "--listen-peer-urls", peer,
            "--initial-advertise-peer-urls", peer, "--initial-cluster", $"store={peer}");
    }

    /// <summary>The version of the program.</summary>
    public static async Task<string> VersionAsync() =>
        (await Command.RunAsync("etcd", "--version")).Split('\n')[0].Split(' ')[^1];
}
