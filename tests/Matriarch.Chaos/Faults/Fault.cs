using System.Collections.Immutable;
using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>One thing that goes wrong once: made anew for every time, so it may remember whom it hit.</summary>
internal abstract class Fault
{
    /// <summary>In kebab-case; the same for every time.</summary>
    public abstract string Name { get; }

    /// <summary>Whom it hit, in a word or two; known after the injection.</summary>
    public string Detail { get; protected set; } = "";

    /// <summary>
    /// The hosts that cannot do their part until the heal. Where they are at most one node, or the store alone, writes
    /// have to come back before the heal.
    /// </summary>
    public ImmutableHashSet<string> Hurts { get; protected set; } = [];

    /// <summary>
    /// The nodes whose PostgreSQL runs without an agent that could stop it: a documented hole of the lease.
    /// </summary>
    public ImmutableHashSet<string> Unfenced { get; protected set; } = [];

    /// <summary>
    /// Two faults of one kind are never on together: the second would undo the first, or two copies of three would be
    /// gone. Null for what goes with everything.
    /// </summary>
    public virtual string? Kind => null;

    /// <summary>Does it.</summary>
    /// <param name="world">The cluster.</param>
    /// <param name="random">Of this fault alone.</param>
    public abstract Task InjectAsync(ChaosWorld world, Random random);

    /// <summary>
    /// Puts right what a person or a machine would put right. Agents and a gateway that are gone are started again by
    /// the driver, as a service manager does.
    /// </summary>
    public virtual Task HealAsync(ChaosWorld world) => Task.CompletedTask;

    public override string ToString() => Detail.Length == 0 ? Name : $"{Name} ({Detail})";

    /// <summary>The primary in two of three cases: that is where most can go wrong.</summary>
    protected static async Task<string> VictimAsync(ChaosWorld world, Random random)
    {
        var primary = await world.PrimaryAsync();
        return random.Next(3) < 2 ? primary : Pick(ChaosWorld.Others(primary), random);
    }

    /// <summary>One of them.</summary>
    protected static T Pick<T>(IReadOnlyList<T> of, Random random) => of[random.Next(of.Count)];

    /// <summary>A pause between two parts of a fault.</summary>
    protected static Task PauseAsync(ChaosWorld world, Random random, int mostMilliseconds) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.Next(mostMilliseconds)), world.Time);

    /// <summary>All nodes and the store, but for one.</summary>
    protected static IEnumerable<string> AllBut(string node) =>
        ChaosWorld.Others(node).Append(LabNetwork.Store);
}
