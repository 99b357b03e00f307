using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Matriarch.TestKit;

/// <summary>
/// Six network namespaces: one for each of three nodes, one for the store, one for the clients with the proxy, and in
/// the middle a router, to which each is joined by a veth pair. Who cannot reach whom is decided in the router, where
/// packets vanish without an answer, as they do behind a broken switch: an endpoint that knows of a dead link would be
/// told at once. Whatever runs in a lab belongs to it, so a lab finds its processes without remembering any.
/// </summary>
/// <remarks>
/// A lab needs nothing from the kernel but namespaces, veth and routing rules, and it shares no address or port with
/// the machine or with another lab: its addresses and ports can be constants.
/// </remarks>
internal sealed class LabNetwork(string name)
{
    public const string Store = "store";
    public const string Client = "client";

    private const string Router = "router";
    private const string RouterAddress = "10.77.0.254";
    private const string CutPriority = "10"; // before the router's own table, which is at 32766
    private const int KillAttempts = 100;
    private static readonly TimeSpan KillPause = TimeSpan.FromMilliseconds(50);

    /// <summary>The nodes.</summary>
    public static readonly ImmutableArray<string> Nodes = ["a", "b", "c"];

    private static readonly ImmutableArray<string> Hosts = [.. Nodes, Store, Client];

    private readonly LinkCuts _cuts = new();

    /// <summary>Distinguishes it from other labs of this machine.</summary>
    public string Name { get; } = name;

    /// <summary>The IPv4 address of a host.</summary>
    public static string Address(string host) => string.Create(
        CultureInfo.InvariantCulture, $"10.77.0.{Hosts.IndexOf(host) + 1}");

    /// <summary>The host of an address.</summary>
    public static string HostOf(string address) => Hosts.FirstOrDefault(h => Address(h) == address) ?? address;

    /// <summary>The name by which <c>ip netns</c> knows a host.</summary>
    public string Namespace(string host) => $"{Name}-{host}";

    /// <summary>Makes it.</summary>
    /// <exception cref="InvalidOperationException">It cannot be made; the message says which step.</exception>
    public async Task CreateAsync()
    {
        foreach (var host in Hosts.Add(Router))
        {
            await Command.RunAsync("ip", "netns", "add", Namespace(host));
        }

        await BatchAsync(Router, "link set dev lo up", $"address add {RouterAddress}/32 dev lo");
        foreach (var host in Hosts)
        {
            await Command.RunAsync("ip", "link", "add", "name", "eth0", "netns", Namespace(host),
                "type", "veth", "peer", "name", $"to-{host}", "netns", Namespace(Router));
            await BatchAsync(Router, $"link set dev to-{host} up", $"route add {Address(host)} dev to-{host}");
            await BatchAsync(
                host, "link set dev lo up", $"address add {Address(host)}/32 dev eth0", "link set dev eth0 up",
                $"route add {RouterAddress} dev eth0", $"route add default via {RouterAddress} dev eth0");
        }

        await Command.RunAsync("ip", "netns", "exec", Namespace(Router),
            "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    }

    /// <summary>
    /// From here on the router drops what a host and these others send to each other. In one call: a cut is not a cut
    /// while half of it is missing.
    /// </summary>
    public Task CutAsync(string host, IEnumerable<string> others) => CutAsync(BothWays(host, others));

    /// <summary>From here on what a host sends to these others is dropped; what they send to it arrives.</summary>
    public Task CutOneWayAsync(string host, IEnumerable<string> others) => CutAsync(others.Select(o => (host, o)));

    /// <summary>Takes one <see cref="CutAsync(string, IEnumerable{string})"/> back; cuts of others stay.</summary>
    public Task MendAsync(string host, IEnumerable<string> others) => MendAsync(_cuts.Remove(BothWays(host, others)));

    /// <summary>Takes one <see cref="CutOneWayAsync"/> back; cuts of others stay.</summary>
    public Task MendOneWayAsync(string host, IEnumerable<string> others) =>
        MendAsync(_cuts.Remove(others.Select(o => (host, o))));

    /// <summary>Takes all cuts back.</summary>
    public Task MendAsync() => MendAsync(_cuts.Clear());

    /// <summary>Whether nothing passes from one host to another, or nothing the other way round.</summary>
    public bool Separates(string one, string other) => _cuts.Separates(one, other);

    /// <summary>
    /// What reaches a host goes through a bucket of this many bytes a second, which holds what waits in line for up to
    /// 400 ms and drops the rest: a slow and crowded link.
    /// </summary>
    /// <exception cref="InvalidOperationException">This kernel has no token bucket (tc, tbf).</exception>
    public async Task ThrottleAsync(string host, int bytesPerSecond)
    {
        var bits = (bytesPerSecond * 8L).ToString(CultureInfo.InvariantCulture);
        await Command.RunAsync("tc", "-netns", Namespace(Router), "qdisc", "replace", "dev", $"to-{host}", "root",
            "tbf", "rate", bits + "bit", "burst", "8kb", "latency", "400ms");
    }

    /// <summary>Takes the slowness of a host's link back.</summary>
    public async Task UnthrottleAsync(string host) =>
        await Command.RunAsync("tc", "-netns", Namespace(Router), "qdisc", "del", "dev", $"to-{host}", "root");

    /// <summary>The processes on a host.</summary>
    public async Task<IReadOnlyList<int>> ProcessesAsync(string host) =>
    [
        .. (await Command.RunAsync("ip", "netns", "pids", Namespace(host)))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(p => int.Parse(p, CultureInfo.InvariantCulture)).Order(),
    ];

    /// <summary>Kills every process on a host, and those that they start meanwhile.</summary>
    /// <exception cref="TimeoutException">Some do not end.</exception>
    public async Task KillAllAsync(string host, TimeProvider time)
    {
        for (var attempt = 0; attempt < KillAttempts; attempt++)
        {
            var processes = await ProcessesAsync(host);
            if (processes.Count == 0)
            {
                return;
            }

            foreach (var process in processes)
            {
                ProcessSignal.Kill(process);
            }

            await Task.Delay(KillPause, time);
        }

        throw new TimeoutException($"processes of {Namespace(host)} do not end after SIGKILL");
    }

    /// <summary>Ends everything that runs in the lab, then removes it; also one that was made only in part.</summary>
    public async Task DestroyAsync(TimeProvider time)
    {
        var existing = await NamespacesAsync();
        foreach (var host in Hosts.Add(Router).Where(h => existing.Contains(Namespace(h))))
        {
            await KillAllAsync(host, time);
            await Command.RunAsync("ip", "netns", "delete", Namespace(host));
        }
    }

    /// <summary>The names of the network namespaces of this machine.</summary>
    public static async Task<ImmutableHashSet<string>> NamespacesAsync() =>
    [
        .. (await Command.RunAsync("ip", "netns", "list"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]),
    ];

    private static IEnumerable<(string From, string To)> BothWays(string host, IEnumerable<string> others) =>
        others.SelectMany(o => new[] { (host, o), (o, host) });

    private Task CutAsync(IEnumerable<(string From, string To)> links) => RulesAsync("add", _cuts.Add(links));

    private Task MendAsync(ImmutableArray<(string From, string To)> links) => RulesAsync("del", links);

    private Task RulesAsync(string verb, ImmutableArray<(string From, string To)> links) => BatchAsync(
        Router,
        [
            .. links.Select(l =>
                $"rule {verb} from {Address(l.From)} to {Address(l.To)} priority {CutPriority} blackhole"),
        ]);

    private async Task BatchAsync(string host, params string[] commands)
    {
        var script = new StringBuilder().AppendJoin('\n', commands).Append('\n').ToString();
        await Command.RunWithInputAsync(script, "ip", "-netns", Namespace(host), "-batch", "-");
    }
}
