namespace Matriarch.Core.Tests;

public sealed class TermTests
{
    [Fact]
    public void Terms_count_up_and_are_timelines()
    {
        Assert.Equal(Term.First, Term.None.Next());
        Assert.Equal(new Timeline(2), Term.First.Next().ToTimeline());
        Assert.Equal(new Term(7), new Timeline(7).ToTerm());
        Assert.Equal("4294967295", new Term(uint.MaxValue).ToString());
    }

    [Fact]
    public void There_is_no_term_after_the_last_timeline_id() =>
        Assert.Throws<OverflowException>(() => new Term(uint.MaxValue).Next());

    [Fact]
    public void Terms_are_ordered_as_numbers()
    {
        Assert.True(new Term(9) < new Term(10));
        Assert.True(new Term(10) >= new Term(10));
        Assert.Equal(new Term(10), Term.Max(new Term(9), new Term(10)));
        Assert.Equal(new Term(10), Term.Max(new Term(10), new Term(9)));
    }
}
