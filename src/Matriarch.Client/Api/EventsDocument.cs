namespace Matriarch.Client;

/// <summary>Answer of <c>GET /v1/events?after=ID&amp;limit=N</c>.</summary>
/// <param name="Events">
/// Oldest first. Without <c>after</c> the newest <c>limit</c> of all; with it the oldest <c>limit</c> of those behind
/// it.
/// </param>
public sealed record EventsDocument(IReadOnlyList<EventEntry> Events);
