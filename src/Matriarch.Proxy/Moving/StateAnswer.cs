namespace Matriarch.Proxy;

/// <summary>What came of asking a session's server what the session carries.</summary>
public abstract record StateAnswer
{
    private StateAnswer() { }

    /// <summary>All that it carries.</summary>
    public sealed record Told(SessionState State) : StateAnswer;

    /// <summary>It carries something that cannot be moved; it is as good as before on its server.</summary>
    public sealed record Unmovable(string Why) : StateAnswer;

    /// <summary>The server did not answer; the session is over.</summary>
    public sealed record Lost(string Why) : StateAnswer;
}
