namespace Matriarch.Agent;

/// <summary>
/// The gateways that ask this agent who leads, and what each has acted on: asking for what comes after a version says
/// that it has. A gateway that has been silent for <see cref="Memory"/> does not count any more.
/// </summary>
internal sealed class GatewayRoll(TimeProvider time)
{
    /// <summary>Gateways that are remembered; more are answered and not waited for.</summary>
    public const int MostGateways = 256;

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _gateways = new(StringComparer.Ordinal);
    private long _drainsSince;

    /// <summary>The version that announced the handover: who has seen it, or a later one, has parked.</summary>
    public void DrainsSince(long version)
    {
        lock (_lock)
        {
            _drainsSince = version;
        }
    }

    /// <summary>A gateway asks; to be ended by <see cref="Answered"/>.</summary>
    /// <param name="gateway">Its name.</param>
    /// <param name="acted">The version of this process that it has acted on; 0 for none.</param>
    public void Asks(string gateway, long acted)
    {
        lock (_lock)
        {
            if (!_gateways.TryGetValue(gateway, out var entry))
            {
                Forget();
                if (_gateways.Count >= MostGateways)
                {
                    return;
                }

                _gateways[gateway] = entry = new Entry();
            }

            entry.Acted = acted;
            entry.Open++;
            entry.SeenAt = time.GetTimestamp();
        }
    }

    /// <summary>The gateway was answered, or has gone.</summary>
    public void Answered(string gateway)
    {
        lock (_lock)
        {
            if (_gateways.TryGetValue(gateway, out var entry))
            {
                entry.Open--;
                entry.SeenAt = time.GetTimestamp();
            }
        }
    }

    /// <summary>Whether every gateway that counts has acted on the announcement.</summary>
    /// <param name="newest">The present version: what was acted on may be newer than the announcement.</param>
    public bool HaveAllSeen(long newest)
    {
        lock (_lock)
        {
            Forget();
            return _drainsSince <= newest && _gateways.Values.All(g => g.Acted >= _drainsSince);
        }
    }

    private void Forget()
    {
        foreach (var (name, entry) in _gateways.ToArray())
        {
            if (entry.Open <= 0 && time.GetElapsedTime(entry.SeenAt) > Memory)
            {
                _gateways.Remove(name);
            }
        }
    }

    private sealed class Entry
    {
        public long Acted { get; set; }

        public int Open { get; set; }

        public long SeenAt { get; set; }
    }
}
