namespace Matriarch.Consensus.Tests;

public sealed class ConsensusOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(new ConsensusOptions().Validate());

    [Fact]
    public void Each_wrong_setting_is_named_by_its_key()
    {
        var options = new ConsensusOptions
        {
            HeartbeatInterval = TimeSpan.FromMilliseconds(1),
            FailureTimeout = TimeSpan.Zero,
            LeaseDuration = TimeSpan.Zero,
            RankDelay = TimeSpan.Zero,
            RecruitTimeout = TimeSpan.Zero,
            LeadTimeout = TimeSpan.Zero,
            SuccessorGrace = TimeSpan.Zero,
            StuckPromiseTimeout = TimeSpan.Zero,
            UnresponsiveTimeout = TimeSpan.Zero,
            MaxJoinLagBytes = -1,
            MaxNodes = 65,
            Durability = "most",
        };
        var keys = options.Validate().Select(problem => problem.Split(':')[0]).ToList();
        Assert.Equal(12, keys.Count);
        Assert.All(keys, key => Assert.StartsWith("consensus.", key, StringComparison.Ordinal));
        Assert.Contains("consensus.max-nodes", keys);
    }
}
