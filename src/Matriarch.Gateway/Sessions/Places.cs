namespace Matriarch.Gateway;

/// <summary>
/// A bounded number of places, taken and given back from any thread.
/// </summary>
internal sealed class Places(int limit)
{
    private int _taken;

    public int Limit => limit;

    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes one; false when all are taken.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    public void GiveBack() => Interlocked.Decrement(ref _taken);
}
