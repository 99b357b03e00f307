namespace Matriarch.Topology;

/// <summary>Deadlines and pauses of the stores that are reached over a network.</summary>
internal sealed record RemoteTimings
{
    public static readonly RemoteTimings Default = new();

    /// <summary>For one call of the port, tries at other endpoints included.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For one request at one endpoint.</summary>
    public TimeSpan Request { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>To connect.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a watch may hear nothing before it asks whether there is something to hear.</summary>
    public TimeSpan WatchSilence { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Between two looks of a watch that has to poll.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A polling watch compares everything at least this often, whatever the revision says.</summary>
    public TimeSpan FullPoll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The first pause of a watch after a failure; it doubles.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause of a watch.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);
}
