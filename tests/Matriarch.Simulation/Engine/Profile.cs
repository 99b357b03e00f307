namespace Matriarch.Simulation;

/// <summary>
/// What one seed makes of the world: how many nodes, how bad the network, which faults and how often.
/// </summary>
internal sealed class Profile
{
    public const long Millisecond = TimeSpan.TicksPerMillisecond;
    public const long Second = TimeSpan.TicksPerSecond;

    public int Nodes { get; private init; }

    public string Policy { get; private init; } = "majority";

    /// <summary>The cluster exists already; otherwise one node begins and the others join.</summary>
    public bool IsFormed { get; private init; }

    /// <summary>How late a tick may come; in attentive worlds how often one comes.</summary>
    public int TickMilliseconds { get; private init; }

    /// <summary>Ticks come all the time, and those before the announced time must change nothing.</summary>
    public bool IsAttentive { get; private init; }

    public int HeartbeatMilliseconds { get; private init; }

    /// <summary>How often a driver looks at PostgreSQL when nothing seems to happen.</summary>
    public int LookMilliseconds { get; private init; }

    /// <summary>Longest pause of a client between two requests, in ms.</summary>
    public int ThinkMilliseconds { get; private init; }

    /// <summary>How long harm lasts, as a share of what is usual.</summary>
    public double HarmLength { get; private init; }

    public double Loss { get; private init; }

    public double Duplication { get; private init; }

    /// <summary>Longest ordinary delay of a message, in ms.</summary>
    public double DelayMilliseconds { get; private init; }

    /// <summary>Share of messages that take up to two seconds.</summary>
    public double Stragglers { get; private init; }

    /// <summary>Longest fsync of a promise, in ms.</summary>
    public double FsyncMilliseconds { get; private init; }

    /// <summary>How many times slower than quick the driver's work on PostgreSQL is.</summary>
    public double Slowness { get; private init; }

    public double MeanMillisecondsBetweenFaults { get; private init; }

    public long CalmUntil { get; private init; }

    public long FaultsUntil { get; private init; }

    /// <summary>Weights of the faults, by the index of <see cref="Faults"/>.</summary>
    public int[] Weights { get; private init; } = [];

    public int WeightsTotal { get; private init; }

    public Sabotage Sabotage { get; init; }

    public static Profile Draw(Random random, Sabotage sabotage)
    {
        var weights = new int[Enum.GetValues<Faults>().Length];
        for (var i = 0; i < weights.Length; i++)
        {
            // Some worlds know only a few kinds of fault, so that those meet each other more often.
            weights[i] = random.Next(3) == 0 ? 0 : random.Next(1, 10);
        }

        weights[random.Next(weights.Length)] = 10;
        var isNarrow = sabotage == Sabotage.RewoundNodesCount;
        if (isNarrow)
        {
            // The window in which this one does harm is short: rewound far back, not caught up, and the others gone.
            Array.Clear(weights);
            (weights[(int)Faults.LeaderCrash], weights[(int)Faults.NodeCrash], weights[(int)Faults.LeaderFreeze]) =
                (3, 2, 2);
            (weights[(int)Faults.LeaderCut], weights[(int)Faults.Partition]) = (3, 2);
        }

        // Most bugs need seconds, not minutes: dense short worlds are many, long ones from the first initdb on remain.
        var isShort = random.Next(8) != 0;
        var calm = isShort ? random.Next(100, 1200)
            : random.Next(4) == 0 ? random.Next(200, 3000)
            : random.Next(3000, 7000);
        return new Profile
        {
            IsFormed = isShort,
            IsAttentive = random.Next(8) == 0,
            HeartbeatMilliseconds = random.Next(4) switch { 0 => 100, 1 => 200, _ => 330 },
            LookMilliseconds = random.Next(3) switch { 0 => 100, 1 => 200, _ => 400 },
            ThinkMilliseconds = random.Next(4) switch { 0 => 60, 1 => 150, _ => 400 },
            HarmLength = isShort ? 0.6 : 1,
            Nodes = isNarrow ? 3 : random.Next(10) switch { 0 => 1, 1 => 2, < 7 => 3, 7 => 4, _ => 5 },
            Policy = isNarrow
                ? "majority"
                : random.Next(10) switch { 0 => "async", 1 => "2", 2 => "3", _ => "majority" },
            TickMilliseconds = random.Next(3) == 0 ? 20 : 10,
            Loss = random.Next(2) == 0 ? 0 : random.NextDouble() * 0.1,
            Duplication = random.Next(2) == 0 ? 0 : random.NextDouble() * 0.1,
            DelayMilliseconds = random.Next(3) switch { 0 => 1, 1 => 10, _ => 60 },
            Stragglers = random.Next(2) == 0 ? 0 : random.NextDouble() * 0.03,
            FsyncMilliseconds = random.Next(3) switch { 0 => 1, 1 => 10, _ => 80 },
            Slowness = isNarrow ? 3 : random.Next(3) switch { 0 => 0.3, 1 => 1, _ => 3 },
            MeanMillisecondsBetweenFaults =
                (isShort ? 0.5 : 1) * random.Next(3) switch { 0 => 250, 1 => 800, _ => 2500 },
            CalmUntil = calm * Millisecond,
            FaultsUntil = (calm + (isShort ? random.Next(600, 4000) : random.Next(3000, 12000))) * Millisecond,
            Weights = weights,
            WeightsTotal = weights.Sum(),
            Sabotage = sabotage,
        };
    }

    public override string ToString() =>
        $"{Nodes} nodes, {Policy}, tick {TickMilliseconds} ms, loss {Loss:P0}, twice {Duplication:P0}, " +
        $"delay {DelayMilliseconds} ms, stragglers {Stragglers:P0}, fsync {FsyncMilliseconds} ms, " +
        $"driver x{Slowness}, heartbeat {HeartbeatMilliseconds} ms, " +
        $"formed {IsFormed}, attentive {IsAttentive}, a fault each {MeanMillisecondsBetweenFaults} ms, {Sabotage}";
}
