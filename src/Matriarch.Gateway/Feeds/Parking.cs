namespace Matriarch.Gateway;

/// <summary>
/// The sessions that are being parked for a switchover: how many may be, how many are, and whether those that can be
/// are all parked by now.
/// </summary>
internal sealed class Parking(GatewaySetup setup)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(2);

    private int _asking;
    private long _parked;
    private long _refused;

    /// <summary>Places for parked sessions.</summary>
    public Places Places { get; } = new(setup.Options.MaxParkedSessions);

    /// <summary>Sessions that were moved to another node since the start.</summary>
    public long Moved => Volatile.Read(ref _parked);

    /// <summary>Sessions that could not be, since the start.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Tells how many sessions are in no transaction and not yet parked; set once, at the start.</summary>
    public Func<int> CountPending { get; set; } = () => 0;

    /// <summary>A session is being asked what it carries; to be ended by <see cref="Asked"/>.</summary>
    public void Asks() => Interlocked.Increment(ref _asking);

    /// <summary>It has answered, and its server connection is closed or will be kept.</summary>
    public void Asked() => Interlocked.Decrement(ref _asking);

    /// <summary>A session has been moved.</summary>
    public void CountMoved() => Interlocked.Increment(ref _parked);

    /// <summary>A session could not be.</summary>
    public void CountRefused() => Interlocked.Increment(ref _refused);

    /// <summary>
    /// Completes when every session is parked or in a transaction, at the latest after 0.5 s: a statement that takes
    /// longer is one that the server knows of.
    /// </summary>
    public async Task SettledAsync(CancellationToken cancellation)
    {
        var began = setup.Time.GetTimestamp();
        while ((Volatile.Read(ref _asking) > 0 || CountPending() > 0)
            && setup.Time.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(LookInterval, setup.Time, cancellation);
        }
    }
}
