namespace Matriarch.Topology;

/// <summary>
/// Pauses that double up to a bound, each shortened by a random part so that watchers do not come at once.
/// </summary>
internal sealed class Backoff(RemoteTimings timings, TimeProvider time)
{
    private TimeSpan _next = timings.FirstPause;

    public void Reset() => _next = timings.FirstPause;

    public Task WaitAsync(CancellationToken cancellation)
    {
        var pause = _next;
        _next = _next * 2 < timings.LongestPause ? _next * 2 : timings.LongestPause;
        var share = 0.5 + (System.Security.Cryptography.RandomNumberGenerator.GetInt32(500) / 1000.0);
        return Task.Delay(pause * share, time, cancellation);
    }
}
