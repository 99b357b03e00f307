namespace Matriarch.Topology;

/// <summary>How a compare-and-set or a delete ended.</summary>
public abstract record WriteResult
{
    private WriteResult()
    {
    }

    /// <summary>It was written durably.</summary>
    /// <param name="Version">The new version of the key; after a delete, the revision of the deletion.</param>
    public sealed record Applied(long Version) : WriteResult;

    /// <summary>Another version was there; nothing was written.</summary>
    /// <param name="Current">What is there; null when the key does not exist.</param>
    public sealed record Conflict(StoreEntry? Current) : WriteResult;

    /// <summary>
    /// The reply was lost: the write may have happened or may still happen. The caller must read again; this is never
    /// success.
    /// </summary>
    /// <param name="Reason">For the log.</param>
    public sealed record Unknown(string Reason) : WriteResult;
}
