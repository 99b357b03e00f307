namespace Matriarch.Chaos.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public void A_seed_draws_the_same_rounds_again() => Assert.Equal(Rounds(7), Rounds(7));

    [Fact]
    public void Another_seed_draws_others() => Assert.NotEqual(Rounds(7), Rounds(8));

    [Fact]
    public void Every_fault_comes_first_once_before_one_comes_again()
    {
        var schedule = new Schedule(FaultCatalogue.Names, 3);

        var first = Enumerable.Range(0, FaultCatalogue.Names.Length).Select(_ => schedule.Next().Faults[0].Name);

        Assert.Equal(FaultCatalogue.Names.Order(), first.Order());
    }

    [Fact]
    public void Two_faults_of_one_kind_are_never_on_together()
    {
        var schedule = new Schedule(FaultCatalogue.Names, 3);

        Assert.All(
            Enumerable.Range(0, 1000).Select(_ => schedule.Next()).Where(p => p.Faults.Length > 1),
            p => Assert.True(p.Faults[0].Kind is null || p.Faults[0].Kind != p.Faults[1].Kind));
    }

    [Fact]
    public void The_short_set_has_faults_of_the_catalogue() =>
        Assert.All(FaultCatalogue.Short.SelectMany(f => f), f => Assert.Equal(f, FaultCatalogue.Make(f).Name));

    [Fact]
    public void Fault_names_are_distinct() => Assert.Distinct(FaultCatalogue.Names);

    private static string Rounds(int seed)
    {
        var schedule = new Schedule(FaultCatalogue.Names, seed);
        return string.Join(
            '\n',
            Enumerable.Range(0, 50).Select(_ => schedule.Next())
                .Select(p => $"{string.Join(' ', p.Faults.Select(f => f.Name))} {p.Between} {p.Hold} {p.Seed}"));
    }
}
