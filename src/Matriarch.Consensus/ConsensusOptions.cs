using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// The tempo of an instance. The same values must hold on all its nodes: a new leader waits out a lease whose length it
/// knows only from its own settings. The defaults keep a failover under two seconds and ride out short stalls.
/// </summary>
[OptionsSection("consensus")]
public sealed class ConsensusOptions : IValidatedOptions
{
    [Setting("How often each node tells the others how it is; 20ms to 5s.")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    [Setting("Silence after which a leader counts as failed; at least 3 heartbeat intervals.")]
    public TimeSpan FailureTimeout { get; set; } = TimeSpan.FromSeconds(1);

    [Setting("How long a leader may serve without hearing from a majority; at least 3 heartbeat intervals.")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(1);

    [Setting("How much each worse-placed candidate waits before it stands; 10ms to 10s.")]
    public TimeSpan RankDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    [Setting("How long a recruitment may take, a restart of PostgreSQL included; 1s to 10m.")]
    public TimeSpan RecruitTimeout { get; set; } = TimeSpan.FromSeconds(5);

    [Setting("How long an appointed leader may take until it serves; 2s to 1h.")]
    public TimeSpan LeadTimeout { get; set; } = TimeSpan.FromSeconds(20);

    [Setting("How long a named successor goes before all others after a switchover; 100ms to 1m.")]
    public TimeSpan SuccessorGrace { get; set; } = TimeSpan.FromSeconds(3);

    [Setting("A promise to a leadership that never came is healed by a new term after this; 1s to 1h.")]
    public TimeSpan StuckPromiseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    [Setting("A leader whose PostgreSQL lives but does not answer this long steps down if others can take over; " +
        "1s to 1h.")]
    public TimeSpan UnresponsiveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    [Setting("Bytes of WAL that a new member or a switchover candidate may lack; 0 or more.")]
    public long MaxJoinLagBytes { get; set; } = 16 * 1024 * 1024;

    [Setting("Copies that a commit needs, the primary's included: majority, async, or a number; :2-cells behind it " +
        "asks for copies in two cells. Taken when the instance is made; matriarch durability changes it.")]
    public string Durability { get; set; } = "majority";

    [Setting("Most nodes that one instance takes; 1 to 64.")]
    public int MaxNodes { get; set; } = 16;

    /// <summary>
    /// By how much two machines' monotonic clocks may drift apart, as a fraction; waits are longer by it.
    /// </summary>
    internal const double ClockDrift = 0.1;

    public IEnumerable<string> Validate()
    {
        if (HeartbeatInterval < TimeSpan.FromMilliseconds(20) || HeartbeatInterval > TimeSpan.FromSeconds(5))
        {
            yield return "consensus.heartbeat-interval: must be 20ms to 5s";
        }

        if (FailureTimeout < 3 * HeartbeatInterval)
        {
            yield return "consensus.failure-timeout: must be at least 3 heartbeat intervals";
        }

        if (LeaseDuration < 3 * HeartbeatInterval)
        {
            yield return "consensus.lease-duration: must be at least 3 heartbeat intervals";
        }

        foreach (var problem in ValidateRanges())
        {
            yield return problem;
        }
    }

    private IEnumerable<string> ValidateRanges()
    {
        if (RankDelay < TimeSpan.FromMilliseconds(10) || RankDelay > TimeSpan.FromSeconds(10))
        {
            yield return "consensus.rank-delay: must be 10ms to 10s";
        }

        if (RecruitTimeout < TimeSpan.FromSeconds(1) || RecruitTimeout > TimeSpan.FromMinutes(10))
        {
            yield return "consensus.recruit-timeout: must be 1s to 10m";
        }

        if (LeadTimeout < TimeSpan.FromSeconds(2) || LeadTimeout > TimeSpan.FromHours(1))
        {
            yield return "consensus.lead-timeout: must be 2s to 1h";
        }

        if (SuccessorGrace < TimeSpan.FromMilliseconds(100) || SuccessorGrace > TimeSpan.FromMinutes(1))
        {
            yield return "consensus.successor-grace: must be 100ms to 1m";
        }

        if (StuckPromiseTimeout < TimeSpan.FromSeconds(1) || StuckPromiseTimeout > TimeSpan.FromHours(1))
        {
            yield return "consensus.stuck-promise-timeout: must be 1s to 1h";
        }

        if (UnresponsiveTimeout < TimeSpan.FromSeconds(1) || UnresponsiveTimeout > TimeSpan.FromHours(1))
        {
            yield return "consensus.unresponsive-timeout: must be 1s to 1h";
        }

        if (MaxJoinLagBytes < 0)
        {
            yield return "consensus.max-join-lag-bytes: must be 0 or more";
        }

        if (MaxNodes is < 1 or > 64)
        {
            yield return "consensus.max-nodes: must be 1 to 64";
        }

        if (!IsPolicy(Durability))
        {
            yield return
                $"consensus.durability: \"{Durability}\" is not a policy; use majority, async or a number of copies, " +
                "and where copies must lie in different cells add :2-cells";
        }
    }

    private static bool IsPolicy(string text)
    {
        try
        {
            DurabilityPolicy.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
