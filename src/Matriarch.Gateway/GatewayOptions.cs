using Matriarch.Core;

namespace Matriarch.Gateway;

/// <summary>Where the gateway listens, how many clients it takes and how long they wait for a node.</summary>
[OptionsSection("gateway")]
public sealed class GatewayOptions : IValidatedOptions
{
    /// <summary>The address for clients; port 0 takes a free one.</summary>
    [Setting("Address on which clients connect, as host:port.")]
    public string Listen { get; set; } = "127.0.0.1:6432";

    /// <summary>Empty for a gateway that belongs to none.</summary>
    [Setting("Failure domain (zone) of the gateway, as in node.cell: its replicas go first, and topology.cell-store is "
        + "the store of this cell; empty = none.")]
    public string Cell { get; set; } = "";

    [Setting(
        "Clients served at the same time, held ones included (1 to 100000); more are refused with SQLSTATE 53300.")]
    public int MaxClients { get; set; } = 2000;

    [Setting("Clients that may wait at the same time for a primary or replica (0 to max-clients).")]
    public int MaxHeldClients { get; set; } = 1000;

    [Setting("How long a new client waits for a serving primary, or a replica, before it is refused (0s to 1h).")]
    public TimeSpan WaitForPrimary { get; set; } = TimeSpan.FromSeconds(30);

    [Setting("host:port of agents' APIs to ask who leads, besides those that the topology store names.")]
    public List<string> Agents { get; set; } = [];

    [Setting(
        "Sessions that a switchover may hold and move to the new primary at one time (0 to 100000); 0 moves none.")]
    public int MaxParkedSessions { get; set; } = 2000;

    [Setting("How long a session may be held by a switchover, all in all, before it is ended (100ms to 10m).")]
    public TimeSpan ParkTimeout { get; set; } = TimeSpan.FromSeconds(15);

    [Setting("How long a node may take to accept a connection and answer its first packet (10ms to 5m).")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    [Setting("How long a client may take to send its startup packet (10ms to 5m).")]
    public TimeSpan StartupTimeout { get; set; } = TimeSpan.FromSeconds(10);

    [Setting("How long busy sessions may go on when the gateway stops; idle ones end at once (0s to 1h).")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(2);

    [Setting(
        "Replicas that are further behind, in bytes of WAL, or of unknown lag, get no new sessions; 0 = no bound.")]
    public long MaxLagBytes { get; set; }

    /// <summary>
    /// Counted from when a replica last provably held everything that its leader had; a healthy one is at most about
    /// half a second old by that measure. Zero: replicas that stream are used, however old their data.
    /// </summary>
    [Setting("How old the data of a replica may be for a session or a transaction to begin there, also while it is cut "
        + "off from its primary (1s to 24h); 0s = no bound, and only replicas that stream are used.")]
    public TimeSpan MaxReplicaStaleness { get; set; }

    public IEnumerable<string> Validate()
    {
        if (!ListenAddress.TryParse(Listen, out _))
        {
            yield return $"gateway.listen: \"{Listen}\" is not an address such as 127.0.0.1:6432";
        }

        if (Cell.Length > 40 || Cell.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')))
        {
            yield return "gateway.cell: must be up to 40 of a-z, A-Z, 0-9, '.', '_' and '-'";
        }

        if (MaxClients is < 1 or > 100_000)
        {
            yield return "gateway.max-clients: must be from 1 to 100000";
        }

        if (MaxHeldClients < 0 || MaxHeldClients > MaxClients)
        {
            yield return "gateway.max-held-clients: must be from 0 to gateway.max-clients";
        }

        foreach (var address in Agents.Where(a => AgentAddress.TryParse(a) is null))
        {
            yield return $"gateway.agents: \"{address}\" is not an address such as 127.0.0.1:7301";
        }

        if (MaxParkedSessions is < 0 or > 100_000)
        {
            yield return "gateway.max-parked-sessions: must be from 0 to 100000";
        }

        if (MaxLagBytes < 0)
        {
            yield return "gateway.max-lag-bytes: must not be negative";
        }

        if (MaxReplicaStaleness != TimeSpan.Zero
            && (MaxReplicaStaleness < TimeSpan.FromSeconds(1) || MaxReplicaStaleness > TimeSpan.FromHours(24)))
        {
            yield return "gateway.max-replica-staleness: must be 0s, or from 1s to 24h";
        }

        var least = TimeSpan.FromMilliseconds(10);
        foreach (var (key, value, min, max) in new[]
        {
            ("wait-for-primary", WaitForPrimary, TimeSpan.Zero, TimeSpan.FromHours(1)),
            ("connect-timeout", ConnectTimeout, least, TimeSpan.FromMinutes(5)),
            ("startup-timeout", StartupTimeout, least, TimeSpan.FromMinutes(5)),
            ("drain-timeout", DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1)),
            ("park-timeout", ParkTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
        })
        {
            if (value < min || value > max)
            {
                yield return $"gateway.{key}: must be from {min} to {max}";
            }
        }
    }
}
