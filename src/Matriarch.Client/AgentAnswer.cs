namespace Matriarch.Client;

/// <summary>
/// What came of a request to an agent. Failures are values: callers decide which of them end a command.
/// </summary>
/// <typeparam name="T">The document of a success.</typeparam>
public abstract record AgentAnswer<T>
{
    private AgentAnswer()
    {
    }

    /// <summary>The agent answered.</summary>
    /// <param name="Value">Its answer.</param>
    public sealed record Answered(T Value) : AgentAnswer<T>;

    /// <summary>Nothing answered in time; the agent may or may not have done what was asked.</summary>
    /// <param name="Reason">In a few words, for example "connection refused".</param>
    public sealed record Unreachable(string Reason) : AgentAnswer<T>;

    /// <summary>The agent answered that it will not, or could not.</summary>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="Error">One line: what is wrong.</param>
    /// <param name="WhatToDo">One line: the remedy; may be empty.</param>
    public sealed record Refused(int Status, string Error, string WhatToDo) : AgentAnswer<T>;

    /// <summary>The document, or the default when there is none.</summary>
    public T? ValueOrDefault => this is Answered answered ? answered.Value : default;
}
