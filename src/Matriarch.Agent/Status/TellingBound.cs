namespace Matriarch.Agent;

/// <summary>So many at once, and one more each interval: a bucket of tokens that starts full.</summary>
internal sealed class TellingBound(int most, TimeSpan interval)
{
    private double _tokens = most;
    private TimeSpan _at = TimeSpan.MinValue;

    /// <summary>Takes one, if there is one.</summary>
    /// <param name="now">Monotonic; never goes back.</param>
    public bool TryTake(TimeSpan now)
    {
        if (_at != TimeSpan.MinValue)
        {
            _tokens = Math.Min(most, _tokens + ((now - _at) / interval));
        }

        _at = now;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
