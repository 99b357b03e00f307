namespace Matriarch.Consensus;

/// <summary>How far a node has gone in the term that it promised.</summary>
public enum PromiseKind
{
    /// <summary>It has accepted the leader of the term. After a restart it may go on following at once.</summary>
    Following,

    /// <summary>It was recruited and waits for the leader. After a restart it follows nobody.</summary>
    Recruited,

    /// <summary>It was appointed to lead. Only a server with this promise may be found running as a primary.</summary>
    Appointed,
}
