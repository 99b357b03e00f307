namespace Matriarch.Proxy.Tests;

public sealed class TimerWheelTests
{
    private static readonly TimeSpan Turn = TimerWheel.Tick * 512;

    private readonly TimerWheel _wheel = new();
    private readonly List<string> _called = [];

    [Fact]
    public void A_timer_comes_once_and_never_early()
    {
        var timer = Make("a");
        _wheel.Set(timer, Ms(95));

        _wheel.Advance(Ms(94));
        Assert.Empty(_called);
        _wheel.Advance(Ms(95) + TimerWheel.Tick);
        Assert.Equal(["a"], _called);
        _wheel.Advance(Ms(10_000));
        Assert.Equal(["a"], _called);
        Assert.Equal((0, false), (_wheel.Count, timer.IsSet));
    }

    [Fact]
    public void A_timer_that_is_taken_back_never_comes()
    {
        var (a, b, c) = (Make("a"), Make("b"), Make("c"));
        foreach (var timer in new[] { a, b, c })
        {
            _wheel.Set(timer, Ms(50));
        }

        _wheel.Remove(b);
        _wheel.Remove(b);
        _wheel.Advance(Ms(1000));

        Assert.Equal(["a", "c"], _called);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void One_that_is_set_anew_comes_at_the_new_time()
    {
        var timer = Make("a");
        _wheel.Set(timer, Ms(50));
        _wheel.Set(timer, Ms(500));

        _wheel.Advance(Ms(400));
        Assert.Empty(_called);
        _wheel.Advance(Ms(510));
        Assert.Equal(["a"], _called);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void One_beyond_a_turn_of_the_wheel_waits_for_its_turn()
    {
        _wheel.Set(Make("far"), (3 * Turn) + Ms(20));
        _wheel.Set(Make("near"), Ms(20));
        for (var now = TimeSpan.Zero; now < 3 * Turn; now += Ms(70))
        {
            _wheel.Advance(now);
        }

        Assert.Equal(["near"], _called);
        _wheel.Advance((3 * Turn) + Ms(40));
        Assert.Equal(["near", "far"], _called);
    }

    [Fact]
    public void A_long_pause_loses_nothing()
    {
        for (var i = 1; i <= 40; i++)
        {
            _wheel.Set(Make($"{i}"), i * Ms(400));
        }

        _wheel.Advance(10 * Turn);

        Assert.Equal(40, _called.Count);
    }

    [Fact]
    public void A_callback_may_set_and_take_back_others_that_are_due_with_it()
    {
        var removed = Make("removed");
        var moved = Make("moved");
        ReactorTimer? again = null;
        var rounds = 0;
        again = new ReactorTimer(() =>
        {
            _called.Add("first");
            _wheel.Remove(removed);
            _wheel.Set(moved, Ms(300));
            if (++rounds < 3)
            {
                _wheel.Set(again!, TimeSpan.Zero);
            }
        });
        _wheel.Set(again, Ms(100));
        _wheel.Set(removed, Ms(100));
        _wheel.Set(moved, Ms(100));

        _wheel.Advance(Ms(110));
        _wheel.Advance(Ms(130));
        _wheel.Advance(Ms(150));
        Assert.Equal(["first", "first", "first"], _called);
        _wheel.Advance(Ms(320));
        Assert.Equal(["first", "first", "first", "moved"], _called);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void The_wait_is_never_longer_than_until_the_next_timer_nor_than_a_turn()
    {
        _wheel.Advance(TimeSpan.Zero);
        Assert.Null(_wheel.UntilNext(TimeSpan.Zero));
        _wheel.Set(Make("far"), 10 * Turn);
        Assert.InRange(_wheel.UntilNext(TimeSpan.Zero)!.Value, TimeSpan.Zero, Turn);
        _wheel.Set(Make("near"), Ms(700));
        Assert.Equal(Ms(700), _wheel.UntilNext(TimeSpan.Zero));
        Assert.Equal(Ms(200), _wheel.UntilNext(Ms(500)));
        Assert.Equal(TimeSpan.Zero, _wheel.UntilNext(Ms(900)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_sequence_calls_what_is_due_and_nothing_else(int seed)
    {
        var random = new Random(seed);
        var due = new Dictionary<int, TimeSpan>();
        var now = TimeSpan.Zero;
        var came = new List<int>();
        var timers = Enumerable.Range(0, 50).Select(i => new ReactorTimer(() => came.Add(i))).ToArray();
        for (var step = 0; step < 5000; step++)
        {
            var which = random.Next(timers.Length);
            switch (random.Next(4))
            {
                case 0:
                    _wheel.Remove(timers[which]);
                    due.Remove(which);
                    break;
                case 1 or 2:
                    due[which] = now + Ms(random.Next(1, 12_000));
                    _wheel.Set(timers[which], due[which]);
                    break;
                default:
                    now += Ms(random.Next(1, random.Next(10) == 0 ? 9000 : 100));
                    came.Clear();
                    _wheel.Advance(now);
                    Assert.All(came, i => Assert.True(due[i] <= now, $"{i} came at {now}, due {due[i]}"));
                    came.ForEach(i => due.Remove(i));
                    Assert.DoesNotContain(due, d => d.Value + (2 * TimerWheel.Tick) <= now);
                    break;
            }

            Assert.Equal(due.Count, _wheel.Count);
        }
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private ReactorTimer Make(string name) => new(() => _called.Add(name));
}
