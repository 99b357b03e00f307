using System.Globalization;

namespace Matriarch.Simulation;

/// <summary>
/// Whole clusters under harm. MATRIARCH_SIMULATION_SEEDS (default 20,000) and MATRIARCH_SIMULATION_FROM choose the
/// seeds of the general run; a failing one prints its number and its last 300 events, and becomes a regression here.
/// </summary>
public sealed class SimulationTests
{
    [Fact]
    public void No_seed_loses_a_write_or_stays_stuck()
    {
        var seeds = Setting("MATRIARCH_SIMULATION_SEEDS", 20_000);
        var from = Setting("MATRIARCH_SIMULATION_FROM", 1);
        Parallel.For(from, from + seeds, seed =>
        {
            if (new World(seed).Play() is { } wrong)
            {
                Assert.Fail($"seed {seed}: {wrong}");
            }
        });
    }

    /// <summary>
    /// Seeds that found a bug. What they are named after is told in the commit that mended it; since then the
    /// worlds around them may have changed, so they are cheap reminders, and the scenarios of
    /// Matriarch.Consensus.Tests pin the bugs themselves.
    /// </summary>
    [Theory]
    [InlineData(304, "a voter that lags behind the row which made it one")]
    [InlineData(595, "the same with four voters, one of them amnesiac")]
    [InlineData(29135, "an appointment that others know and the appointed forgot")]
    [InlineData(34412, "the same with two nodes")]
    [InlineData(28824, "two copies of five while a voter is removed")]
    [InlineData(26040, "an amnesiac acknowledges the leader before last by name")]
    [InlineData(2375, "a deposed leader applies the names of a newer rule")]
    [InlineData(22253, "a straggler of a former process silences the living one")]
    [InlineData(35540, "the same, heard by a node that had restarted")]
    [InlineData(7699, "a recruitment's patience was no time to wake at")]
    [InlineData(76081, "the next life of a recruit takes the appointment of the former one")]
    [InlineData(152666, "a real copy of a timeline that had been a stray one's number here")]
    [InlineData(55701, "a crash forgets that the timeline was stray, when a leader of the same number is accepted")]
    [InlineData(3955, "a converged cluster that did not count as one")]
    [InlineData(101422, "a candidate promoted by hand while it fetched WAL seemed to be past the base")]
    [InlineData(79147, "a voter is removed while another loses its promises")]
    [InlineData(6077, "PostgreSQL counts names and not cells, and one of them is gone")]
    public void A_seed_that_once_failed_goes_on_passing(int seed, string story)
    {
        if (new World(seed).Play() is { } wrong)
        {
            Assert.Fail($"seed {seed}, {story}: {wrong}");
        }
    }

    [Fact]
    public void The_same_seed_tells_the_same_story()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var (one, other) = (new World(seed), new World(seed));
            one.Play();
            other.Play();
            Assert.Equal(
                (one.Events, one.Checks.Acknowledgements, one.Checks.ReadCount, one.Checks.Reigns),
                (other.Events, other.Checks.Acknowledgements, other.Checks.ReadCount, other.Checks.Reigns));
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
