namespace Matriarch.Topology;

/// <summary>
/// Whether a request may have reached the store. HTTP clients take the body only when they have a connection to write
/// it to: before that moment nothing can have been written, after it nobody knows.
/// </summary>
internal sealed class SentMark
{
    private int _times;

    /// <summary>Some of the request may have left.</summary>
    public bool MaybeSent => Volatile.Read(ref _times) > 0;

    /// <summary>
    /// The HTTP client has sent it again by itself: a refusal may be the answer to its own repetition.
    /// </summary>
    public bool MaybeSentTwice => Volatile.Read(ref _times) > 1;

    public void Set() => Interlocked.Increment(ref _times);
}
