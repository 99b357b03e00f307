namespace Matriarch.Chaos;

/// <summary>What a client knows of a write.</summary>
internal enum Outcome
{
    /// <summary>COMMIT was answered: it has to be there for ever.</summary>
    Acknowledged,

    /// <summary>It was never sent.</summary>
    Failed,

    /// <summary>It was sent, and what came back does not say that it is done: both are right.</summary>
    Unknown,
}
