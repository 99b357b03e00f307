using System.Collections.Immutable;
using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>All faults, by name.</summary>
internal static class FaultCatalogue
{
    private static readonly Func<Fault>[] Makers =
    [
        () => new KillPostmaster(),
        () => new KillServerProcess("kill-backend", "postgres postgres", onPrimary: true),
        () => new KillServerProcess("kill-walsender", "walsender", onPrimary: true),
        () => new KillServerProcess("kill-walreceiver", "walreceiver", onPrimary: false),
        () => new KillAgent(),
        () => new KillNode(),
        () => new KillGateway(),
        () => new Freeze("freeze-agent", agent: true, postgres: false),
        () => new Freeze("freeze-postgres", agent: false, postgres: true),
        () => new Freeze("freeze-node", agent: true, postgres: true),
        () => new AgentRestarts(),
        () => new AgentKilledInCopy(),
        () => new Cut("primary-isolated", (p, r, _) => (p, r.Append(LabNetwork.Store)), isolates: true),
        () => new Cut(
            "primary-vanished", (p, r, _) => (p, r.Append(LabNetwork.Store).Append(LabNetwork.Client)), isolates: true),
        () => new Cut("primary-without-store", (p, _, _) => (p, [LabNetwork.Store]), isolates: false),
        () => new Cut("replicas-without-store", (_, r, _) => (LabNetwork.Store, r), isolates: false),
        () => new Cut("primary-without-one-standby", (p, r, d) => (p, [r[d.Next(r.Count)]]), isolates: false),
        () => new Cut("gateway-without-primary", (p, _, _) => (LabNetwork.Client, [p]), isolates: true),
        () => new OneWayLoss(outward: true),
        () => new OneWayLoss(outward: false),
        () => new Flapping(),
        () => new SlowLink(),
        () => new StoreStopped(wiped: false),
        () => new StoreStopped(wiped: true),
        () => new StoreFrozen(),
        () => new StoreRestored(),
        () => new FullDisk(),
        () => new LostData(),
        () => new TornState(),
        () => new RepeatedFailovers(),
        () => new AllDown(),
        () => new ManualPromotion(),
        () => new SwitchoverUnderLongTransactions(),
        () => new PreparedAcrossFailover(),
        () => new EndOfClient(cancels: true),
        () => new EndOfClient(cancels: false),
    ];

    /// <summary>What `./test` plays each time: the most telling ones, one or two a round.</summary>
    public static readonly ImmutableArray<ImmutableArray<string>> Short =
    [
        ["kill-node"], ["primary-isolated"], ["freeze-node"], ["store-stopped", "kill-postmaster"],
        ["cancel-in-commit"], ["lost-data"],
    ];

    /// <summary>Each name, once.</summary>
    public static readonly ImmutableArray<string> Names = [.. Makers.Select(m => m().Name)];

    /// <summary>A new fault of a name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Fault Make(string name) => Makers.Select(m => m()).FirstOrDefault(f => f.Name == name)
        ?? throw new ArgumentException($"there is no fault {name}", nameof(name));
}
